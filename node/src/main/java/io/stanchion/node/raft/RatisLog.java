package io.stanchion.node.raft;

import io.stanchion.gateway.stan.Publication;
import io.stanchion.gateway.stan.ReplicatedLog;
import io.stanchion.node.raft.BatchSubmitter.Answer;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ReplyProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's end of the log. What arrives while earlier batches are in flight becomes the next batch; an idle gateway sends at once.
 *
 * <p>The thread {@code log-append} owns everything but the queues. Batches are numbered and stay here until the machine has answered;
 * whenever an attempt fails, all that are unanswered are submitted again, in order, once none is in flight any more. The machine applies each
 * number once and refuses a gap, so nothing is lost, doubled or reordered, whatever leaders come and go. Nothing is numbered while no leader
 * is known, and what is too old when there is one again is not done any more: its client has given it up, and may have done it elsewhere.
 */
public final class RatisLog implements ReplicatedLog, AutoCloseable {
    /** The reference's words for a publish that found no leader. */
    static final String NO_LEADER = "node is not the leader";

    private static final Logger log = LoggerFactory.getLogger(RatisLog.class);
    private static final long RETRY_NANOS = 5_000_000L;
    private static final long ATTEMPT_NANOS_MAX = 10_000_000_000L;
    private static final long MARK_NANOS = 1_000_000_000L;

    /** So soon the first client library gives a request up. */
    private static final long LATE_NANOS = 2_000_000_000L;

    private final String gateway;
    private final Incarnation incarnation;
    private final LogSettings settings;
    private final BatchSubmitter submitter;
    private final LongSupplier nanoTime;
    private final BiConsumer<String, Throwable> onFault;
    private final Thread thread;

    private final MpscUnboundedArrayQueue<LogItem> waiting = new MpscUnboundedArrayQueue<>(1024);
    private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicLong parkedBytes = new AtomicLong();
    private final AtomicBoolean saturated = new AtomicBoolean();
    private final List<Runnable> reliefListeners = new CopyOnWriteArrayList<>();
    private volatile boolean idle;
    private volatile String publishRefusal = "";
    private volatile boolean leaderChanged;
    private volatile boolean closed;

    // Owned by the thread
    private final Deque<LogBatch> unanswered = new ArrayDeque<>();
    private final Deque<Mark> marks = new ArrayDeque<>();
    private @Nullable LogItem held;
    private long nextNumber = 1;
    private long taken;
    private long attempt;
    private long firstOfAttempt = 1;
    private int inFlight;
    private boolean resend;
    private long resendAtNanos;
    private long oldestAttemptNanos;
    private boolean isAnyAnswered;
    private long firstOfIncarnation;

    /** An answer to a batch, of this round of attempts or an earlier one. */
    private record Arrival(LogBatch batch, long attempt, Answer answer) {}

    /** At this time the queue held nothing beyond this many items ever taken. */
    private record Mark(long nanos, long upTo) {}

    /**
     * @param gateway this node's ID
     * @param incarnation greater than at any earlier start of this node, unless that was with another directory
     * @param nanoTime a monotonic clock, as System.nanoTime
     */
    public RatisLog(
            String gateway,
            Incarnation incarnation,
            LogSettings settings,
            BatchSubmitter submitter,
            LongSupplier nanoTime,
            BiConsumer<String, Throwable> onFault) {
        this.gateway = gateway;
        this.incarnation = incarnation;
        this.settings = settings;
        this.submitter = submitter;
        this.nanoTime = nanoTime;
        this.onFault = onFault;
        this.thread = new Thread(this::run, "log-append");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void append(CommandProto command, Consumer<ReplyProto> onReply) {
        enqueue(new LogItem.Command(command, onReply));
    }

    @Override
    public void publish(Publication publication) {
        String refusal = publishRefusal;
        if (!refusal.isEmpty()) {
            publication.onRefused(refusal);
            return;
        }
        enqueue(new LogItem.Publish(publication));
    }

    @Override
    public void ack(String ackInbox, long sequence) {
        enqueue(new LogItem.Settle(ackInbox, sequence));
    }

    /**
     * From now on nothing can be published; what is here already goes on.
     *
     * @param reason what publishers are told; empty to let them publish again
     */
    public void refusePublishes(String reason) {
        publishRefusal = reason;
    }

    @Override
    public boolean isSaturated() {
        return saturated.get();
    }

    @Override
    public void onRelief(Runnable listener) {
        reliefListeners.add(listener);
    }

    /** Work that waits or is in flight, in bytes. */
    public long parkedBytes() {
        return parkedBytes.get();
    }

    /**
     * There is another leader. What is in flight is submitted to it at once, for the old one may never answer; the machine knows a batch
     * that it has seen by its number.
     */
    public void onLeaderChanged() {
        leaderChanged = true;
        wake();
    }

    private void wake() {
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    private void enqueue(LogItem item) {
        if (parkedBytes.addAndGet(item.bytes()) > settings.parkedBytesMax()) {
            saturated.set(true);
            release(0); // all of it may have been done meanwhile, and nobody would look again
        }
        waiting.offer(item);
        wake();
    }

    // On the thread log-append

    private void run() {
        try {
            while (!closed) {
                if (!turn()) {
                    rest();
                }
            }
        } catch (RuntimeException | Error e) {
            onFault.accept("the thread that appends to the log has failed", e);
        }
    }

    /** Does what can be done now, and tells whether there was anything. Nothing in here waits. */
    boolean turn() {
        boolean moved = receive();
        moved |= send();
        moved |= complete();
        if (!moved) {
            refuseOverdue();
        }
        return moved;
    }

    private boolean receive() {
        boolean any = false;
        for (Arrival arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
            any = true;
            if (arrival.attempt == attempt) {
                inFlight--;
            }
            if (arrival.answer instanceof Answer.Applied applied) {
                onApplied(arrival, applied.reply());
            } else if (arrival.answer instanceof Answer.Unavailable unavailable && arrival.attempt == attempt) {
                tryAgain(unavailable.reason());
            }
        }
        if (leaderChanged) {
            leaderChanged = false;
            any = true;
            giveUpAttempt("another leader");
            resendAtNanos = nanoTime.getAsLong(); // nothing to wait for: everybody has waited for this leader
        } else if (nanoTime.getAsLong() - oldestAttemptNanos > ATTEMPT_NANOS_MAX) {
            giveUpAttempt("no answer for " + ATTEMPT_NANOS_MAX / 1_000_000 + " ms");
        }
        return any;
    }

    private void giveUpAttempt(String reason) {
        if (inFlight > 0) {
            tryAgain(reason);
            inFlight = 0;
            attempt++;
        }
    }

    private void onApplied(Arrival arrival, BatchReply reply) {
        if (reply.getSuperseded()) {
            if (arrival.attempt >= firstOfIncarnation) {
                outlive(reply.getKnownIncarnation());
            }
        } else if (reply.getExpectedNumber() == 0) {
            isAnyAnswered = true;
            arrival.batch.answered(reply);
        } else if (arrival.attempt == attempt) {
            checkGap(reply.getExpectedNumber());
            tryAgain("a batch before it was lost with its leader");
        }
    }

    /**
     * An earlier life of this node, with a directory that is gone, had a clock that was ahead of the present one. Nothing of this life was
     * applied, so all of it may be sent again under a greater number. Later in a life it can only be another process under our name.
     */
    private void outlive(long known) {
        if (isAnyAnswered || known < incarnation.incarnation()) {
            throw new IllegalStateException("another process runs under the node ID " + gateway);
        }
        try {
            incarnation.exceed(known);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        log.info("an earlier life of this node is remembered incarnation={} now={}", known, incarnation.incarnation());
        unanswered.forEach(batch -> batch.move(incarnation.incarnation()));
        tryAgain("an earlier life of this node is remembered");
        inFlight = 0;
        firstOfIncarnation = ++attempt;
    }

    /**
     * The machine may wait for a batch that this attempt has sent, and for no other. A batch before those was answered before the attempt
     * began; one of the attempt itself may have been answered since, by way of an earlier attempt that was only late.
     */
    private void checkGap(long expected) {
        if (expected < firstOfAttempt || expected > nextNumber) {
            throw new IllegalStateException("the machine expects batch " + expected + " of incarnation "
                    + incarnation.incarnation() + ", here are " + firstOfAttempt + " to " + (nextNumber - 1));
        }
    }

    private void tryAgain(String reason) {
        if (!resend) {
            log.debug("submitting again unanswered={} reason={}", unanswered.size(), reason);
        }
        resend = true;
        resendAtNanos = nanoTime.getAsLong() + RETRY_NANOS;
    }

    private boolean send() {
        if (resend) {
            return sendAgain();
        }
        boolean any = false;
        while (!resend
                && submitter.knowsLeader()
                && inFlight < settings.batchesInFlightMax()
                && unanswered.size() < settings.batchesInFlightMax()) {
            LogBatch next = nextBatch();
            if (next == null) {
                return any;
            }
            unanswered.add(next);
            submit(next);
            any = true;
        }
        return any;
    }

    private boolean sendAgain() {
        long now = nanoTime.getAsLong();
        if (inFlight > 0 || now - resendAtNanos < 0 || !submitter.knowsLeader()) {
            return false;
        }
        resend = false;
        attempt++;
        LogBatch oldest = unanswered.peekFirst();
        firstOfAttempt = oldest == null ? nextNumber : oldest.number();
        for (LogBatch batch : unanswered) {
            if (!batch.isAnswered()) {
                if (batch.isOlderThan(now - parkedNanosMax())) {
                    batch.makeVoid(gateway, incarnation.incarnation());
                } else if (batch.isOlderThan(now - LATE_NANOS)) {
                    batch.makeLate();
                }
                submit(batch);
            }
        }
        return true;
    }

    private long parkedNanosMax() {
        return settings.parkedMillisMax() * 1_000_000L;
    }

    private void submit(LogBatch batch) {
        long current = attempt;
        if (inFlight++ == 0) {
            oldestAttemptNanos = nanoTime.getAsLong();
        }
        var unused = submitter.submit(batch.sealed()).whenComplete((answer, failure) -> {
            arrivals.add(new Arrival(
                    batch, current, answer != null ? answer : new Answer.Unavailable(String.valueOf(failure))));
            wake();
        });
    }

    private @Nullable LogBatch nextBatch() {
        LogBatch batch = new LogBatch();
        long takenBefore = taken;
        while (!batch.isFull(settings)) {
            LogItem item = held != null ? held : waiting.poll();
            held = null;
            if (item == null) {
                break;
            }
            if (!batch.hasRoomFor(item, settings)) {
                held = item;
                break;
            }
            taken++;
            batch.add(item);
        }
        if (batch.isEmpty()) {
            return null;
        }
        long now = nanoTime.getAsLong();
        batch.seal(gateway, incarnation.incarnation(), nextNumber++, now, hasWaited(takenBefore, now));
        return batch;
    }

    /** Whether the item that was taken behind so many others was here already a while ago. */
    private boolean hasWaited(long takenBefore, long now) {
        for (Mark mark : marks) {
            if (mark.upTo > takenBefore) {
                return now - mark.nanos >= LATE_NANOS;
            }
        }
        return false;
    }

    /** In the order of the numbers, so that a publisher hears of its messages in the order in which it sent them. */
    private boolean complete() {
        boolean any = false;
        for (LogBatch oldest = unanswered.peekFirst();
                oldest != null && oldest.isAnswered();
                oldest = unanswered.peekFirst()) {
            unanswered.removeFirst();
            send(); // the next batch travels while this one's publishers are told
            oldest.complete();
            release(oldest.bytes());
            any = true;
        }
        if (any) {
            oldestAttemptNanos = nanoTime.getAsLong();
        }
        return any;
    }

    private void release(long bytes) {
        if (parkedBytes.addAndGet(-bytes) < settings.parkedBytesMax() / 2 && saturated.compareAndSet(true, false)) {
            reliefListeners.forEach(Runnable::run);
        }
    }

    private void rest() {
        idle = true;
        if (arrivals.isEmpty() && !leaderChanged && !canTake() && !closed) {
            LockSupport.parkNanos(this, hasNothing() ? MARK_NANOS : RETRY_NANOS);
        }
        idle = false;
    }

    private boolean hasNothing() {
        return unanswered.isEmpty() && !resend && held == null && waiting.isEmpty();
    }

    private boolean canTake() {
        return !resend
                && unanswered.size() < settings.batchesInFlightMax()
                && (held != null || !waiting.isEmpty())
                && submitter.knowsLeader();
    }

    /**
     * What was never part of a numbered batch can still be refused for certain. A batch can't be before there is a leader again, see
     * {@link LogBatch#makeVoid}.
     */
    private void refuseOverdue() {
        long now = nanoTime.getAsLong();
        Mark latest = marks.peekLast();
        if (latest == null || now - latest.nanos >= MARK_NANOS) {
            marks.add(new Mark(now, taken + (held == null ? 0 : 1) + waiting.size()));
        }
        for (Mark oldest = marks.peekFirst();
                oldest != null && now - oldest.nanos >= parkedNanosMax();
                oldest = marks.peekFirst()) {
            marks.removeFirst();
            refuseUpTo(oldest.upTo);
        }
    }

    private void refuseUpTo(long upTo) {
        while (taken < upTo) {
            LogItem item = held != null ? held : waiting.poll();
            held = null;
            if (item == null) {
                return;
            }
            taken++;
            item.refuse(NO_LEADER);
            release(item.bytes());
        }
    }

    /** Stops appending. What was not answered stays unanswered: its outcome is unknown here. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
