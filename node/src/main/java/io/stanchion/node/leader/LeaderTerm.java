package io.stanchion.node.leader;

import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.effect.Effect.ArmAckTimer;
import io.stanchion.raftsm.effect.Effect.Deliver;
import io.stanchion.raftsm.effect.Effect.HeartbeatNow;
import io.stanchion.raftsm.effect.Effect.SessionClosed;
import io.stanchion.raftsm.effect.Effect.SessionOpened;
import io.stanchion.raftsm.effect.Effect.TrimUnfinished;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One term of leading: performs effects, rings timers, asks for heartbeats, until it is closed. There is nothing to save then; the
 * next leader begins with a take-over, which finds all that is owed in the state.
 *
 * <p>All its parts belong to the thread {@code leader-term}, which is in {@link #run()}; others reach it by {@link #submit} and by its
 * mailbox.
 */
final class LeaderTerm implements Runnable {
    /** Pages between two looks at the timers. */
    private static final int PAGES_PER_TURN = 16;

    /** Between two looks at subscribers whose way was full. */
    private static final long CROWDED_NANOS = 1_000_000L;

    private static final long SUBMIT_PATIENCE_MILLIS = 50;
    private static final Logger logger = LoggerFactory.getLogger(LeaderTerm.class);

    private final long term;

    /** The log's clock may run a little faster than a sleep, and who sleeps longer would not know a {@link StillLeading standstill}. */
    private final long sleepNanosMax;

    private final LeaderPorts ports;
    private final Clocks clocks;
    private final EffectQueue effects;
    private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private final TermProposals proposals;
    private final AckTimers ackTimers;
    private final ChannelWatch channels;
    private final ClientHeartbeats heartbeats;
    private final InboxWatch inboxes;
    private final EffectRunner runner;
    private final StillLeading stillLeading;
    private volatile boolean closed;

    LeaderTerm(long term, LeaderSettings settings, LeaderPorts ports) {
        this.term = term;
        this.sleepNanosMax = settings.standstillNanos() / 2;
        this.ports = ports;
        this.clocks = ports.clocks();
        this.effects = new EffectQueue(settings.effectsMax());
        this.proposals = new TermProposals(term, settings, ports.log(), this::post, clocks);
        this.ackTimers = new AckTimers(ports.log(), this::post, clocks);
        this.channels = new ChannelWatch(ports.log(), this::post, clocks);
        this.heartbeats = new ClientHeartbeats(settings, ports.requests(), ports.log(), this::post, clocks);
        this.inboxes = new InboxWatch(ports.bus(), ports.log(), this::post, clocks, ackTimers::isArmed);
        this.stillLeading = new StillLeading(settings.standstillNanos(), ports.log(), this::post, clocks);
        this.runner = new EffectRunner(
                term,
                ports.bus(),
                ports.reader(),
                ports.counters(),
                inboxes,
                new DeliveryTrace(ports.clientOf()),
                this::mayDeliver,
                settings.effectsMax());
    }

    long term() {
        return term;
    }

    /** Proposes these settings instead of those that the term began with. Called from any thread. */
    void reconfigure(LeaderSettings settings) {
        post(() -> proposals.configure(settings.machine()));
    }

    /**
     * Takes the effects of one entry, in log order. Waits while too many are queued: a leader must not run away from its deliveries. While
     * it may not deliver, it takes them all, because the answer that it waits for comes through apply.
     */
    void submit(List<Effect> ofOneEntry) {
        try {
            while (!closed && !effects.offer(ofOneEntry, SUBMIT_PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                logger.debug("deliveries of term {} are slower than the log", term);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the node stops; the next leader delivers
        }
    }

    /** The thread ends soon after; nothing waits for it. */
    void close() {
        closed = true;
        wake();
    }

    @Override
    public void run() {
        logger.info("STREAM: leading, term={}", term);
        try {
            while (!closed) {
                if (!turn()) {
                    awaitEffects();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            if (closed) {
                logger.debug("cut short, term={}", term, e); // by the end of what it works with
            } else {
                ports.onFault().accept("the leader's work of term " + term + " failed", e);
            }
        } finally {
            closed = true;
            runner.close();
            logger.info("STREAM: not leading any more, term={}", term);
        }
    }

    /** Does what is due, and a bounded part of what is queued. Returns false if there is nothing more to do now. */
    boolean turn() {
        for (Runnable message = mailbox.poll(); message != null; message = mailbox.poll()) {
            message.run();
        }
        takeEffects();
        proposals.propose();
        ackTimers.ring();
        channels.ring();
        heartbeats.ask();
        inboxes.look(runner::resume, runner::drop);
        runner.retryCrowded();
        boolean mayDeliver = deliverPages();
        return (mayDeliver && !runner.isIdle()) || (!runner.isFull() && !effects.isEmpty()) || !mailbox.isEmpty();
    }

    /** Returns false if it had to stop. */
    private boolean deliverPages() {
        for (int i = 0; i < PAGES_PER_TURN; i++) {
            if (!mayDeliver()) {
                return false;
            }
            runner.deliverPage();
        }
        return true;
    }

    private boolean mayDeliver() {
        boolean certain = stillLeading.isCertain();
        effects.bound(certain);
        return certain && !closed;
    }

    private void takeEffects() {
        while (!runner.isFull()) {
            List<Effect> next = effects.poll();
            if (next == null) {
                return;
            }
            perform(next);
        }
    }

    private void perform(List<Effect> ofOneEntry) {
        List<SessionOpened> opened = new ArrayList<>(0);
        for (Effect effect : ofOneEntry) {
            if (effect instanceof Deliver deliver) {
                runner.add(deliver);
                ackTimers.arm(deliver.subscription(), deliver.deadlineNanos());
            } else if (effect instanceof ArmAckTimer arm) {
                ackTimers.arm(arm.subscription(), arm.deadlineNanos());
            } else if (effect instanceof SessionOpened session) {
                opened.add(session);
            } else if (effect instanceof TrimUnfinished) {
                proposals.tickNow();
            } else if (!channels.perform(effect)) {
                flush(opened);
                performOnSession(effect);
            }
        }
        flush(opened);
    }

    private void performOnSession(Effect effect) {
        if (effect instanceof SessionClosed session) {
            heartbeats.close(session);
        } else if (effect instanceof HeartbeatNow session) {
            heartbeats.askNow(session);
        } else {
            throw new IllegalStateException("nobody performs " + effect);
        }
    }

    /** Sessions that were opened together are spread over time together. */
    private void flush(List<SessionOpened> opened) {
        if (!opened.isEmpty()) {
            heartbeats.open(List.copyOf(opened));
            opened.clear();
        }
    }

    private void awaitEffects() throws InterruptedException {
        if (runner.isFull()) { // and may not deliver yet
            TimeUnit.NANOSECONDS.sleep(CROWDED_NANOS);
            return;
        }
        long sleepMax = runner.isAnyCrowded() ? CROWDED_NANOS : sleepNanosMax;
        long wait = Math.min(sleepMax, nanosToNextTimer());
        @Nullable List<Effect> next = wait <= 0 ? null : effects.poll(wait);
        if (next != null) {
            perform(next);
        }
    }

    int watchedChannels() {
        return channels.size();
    }

    /** How long nothing will be due. */
    long nanosToNextTimer() {
        long byMonotonic = LongStream.of(inboxes.next(), proposals.next(), heartbeats.next(), stillLeading.next())
                .min()
                .orElse(Deadlines.NONE);
        long monotonic = byMonotonic == Deadlines.NONE ? sleepNanosMax : byMonotonic - clocks.monotonicNanos();
        long byLog = Math.min(ackTimers.next(), channels.next());
        long log = byLog == Deadlines.NONE ? sleepNanosMax : byLog - clocks.logNanos();
        return Math.max(0, Math.min(monotonic, log));
    }

    private void post(Runnable message) {
        if (!closed) {
            mailbox.add(message);
            wake();
        }
    }

    private void wake() {
        effects.wake();
    }
}
