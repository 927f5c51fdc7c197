package io.stanchion.node.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.proto.command.Batch;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Three nodes of which one leads, mostly, and one machine for what they commit. Requests and answers are lost, late and, answers at least,
 * out of order; leaders go and take the end of their log with them, and return. Everything happens in the test's thread, on its clock.
 */
final class FaultyCluster implements BatchSubmitter {
    private static final long MILLI = 1_000_000L;
    private static final int NODES = 3;
    private static final int NOBODY = -1;

    final AppliedLog applied = new AppliedLog();
    int leaderChanges;
    int lostEntries;
    int repeats;
    int voids;

    private final SplittableRandom random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::nanos).thenComparingLong(Event::order));
    private final long[] linkBusyUntil = new long[NODES];
    private final Deque<Entry> uncommitted = new ArrayDeque<>();
    private long now;
    private long order;
    private int leader;
    private long term = 1;
    private long highestNumber;
    private boolean healed;

    private record Event(long nanos, long order, Runnable action) {}

    private record Entry(ByteString batch, CompletableFuture<Answer> future) {}

    FaultyCluster(SplittableRandom random) {
        this.random = random;
        in(random.nextLong(500 * MILLI), this::changeLeader);
    }

    long now() {
        return now;
    }

    /** Lets time pass, and happen what is due. */
    void advance(long nanos) {
        long until = now + nanos;
        while (!events.isEmpty() && events.peek().nanos <= until) {
            Event event = events.poll();
            now = event.nanos;
            event.action.run();
        }
        now = until;
    }

    /** From now on there is one leader, and nothing is lost. What is on its way still arrives. */
    void heal() {
        healed = true;
        if (leader == NOBODY) {
            lead(0);
        }
    }

    @Override
    public boolean knowsLeader() {
        return leader != NOBODY || happens(5);
    }

    @Override
    public CompletableFuture<Answer> submit(ByteString batch) {
        checkNumber(batch);
        CompletableFuture<Answer> future = new CompletableFuture<>();
        int node = happens(3) ? random.nextInt(NODES) : leader; // what a gateway believes may be old news
        if (node == NOBODY) {
            future.complete(new Answer.Unavailable("no leader"));
        } else if (happens(4)) {
            unavailable(future, "lost on its way to the leader");
        } else {
            linkBusyUntil[node] = Math.max(linkBusyUntil[node], now + delay());
            in(linkBusyUntil[node] - now, () -> arrive(node, new Entry(batch, future)));
        }
        return future;
    }

    private void checkNumber(ByteString bytes) {
        try {
            Batch batch = Batch.parseFrom(bytes);
            long number = batch.getNumber();
            voids += batch.getCommandsCount() == 0 ? 1 : 0;
            if (number > highestNumber + 1 || number < 1) {
                throw new AssertionError("batch " + number + " after " + highestNumber);
            }
            repeats += number <= highestNumber ? 1 : 0;
            highestNumber = Math.max(highestNumber, number);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private void arrive(int node, Entry entry) {
        if (node != leader) {
            unavailable(entry.future, "not the leader");
            return;
        }
        uncommitted.add(entry);
        in(random.nextLong(3 * MILLI), () -> {
            while (uncommitted.contains(entry)) {
                commit(uncommitted.remove());
            }
        });
    }

    private void commit(Entry entry) {
        Answer answer = new Answer.Applied(applied.apply(term, entry.batch));
        if (happens(4)) {
            unavailable(entry.future, "the answer was lost");
        } else {
            in(delay(), () -> entry.future.complete(answer));
        }
    }

    /** The new one commits some of what the old one has not, and has never seen the rest. */
    private void changeLeader() {
        if (healed) {
            return;
        }
        leaderChanges++;
        for (int survivors = random.nextInt(uncommitted.size() + 1); survivors > 0; survivors--) {
            Entry entry = uncommitted.remove();
            applied.apply(term, entry.batch);
            unavailable(entry.future, "the leader is gone");
        }
        lostEntries += uncommitted.size();
        uncommitted.forEach(entry -> unavailable(entry.future, "the leader is gone"));
        uncommitted.clear();
        lead(random.nextInt(4) == 0 ? NOBODY : random.nextInt(NODES));
        in(random.nextLong(random.nextInt(20) == 0 ? 60_000 * MILLI : 400 * MILLI), this::changeLeader);
    }

    private void lead(int node) {
        leader = node;
        term++;
    }

    /** Sooner or later, or never. */
    private void unavailable(CompletableFuture<Answer> future, String reason) {
        if (!happens(10)) {
            in(delay(), () -> future.complete(new Answer.Unavailable(reason)));
        }
    }

    private long delay() {
        return random.nextLong(happens(2) ? 15_000 * MILLI : 10 * MILLI);
    }

    private boolean happens(int percent) {
        return !healed && random.nextInt(100) < percent;
    }

    private void in(long nanos, Runnable action) {
        events.add(new Event(now + nanos, order++, action));
    }
}
