package io.stanchion.node.raft;

import io.stanchion.node.raft.Succession.Candidate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Decides when a leader is so slow that a follower should lead instead: its fsyncs, or the application of its entries, have taken many times
 * as long as a follower's for a while, and long enough for clients to notice. When the leader's disk does not answer at all, its followers
 * soon have nothing to write and so nothing to tell: silence then counts as fast. Whoever has a slow disk in common with its followers stays.
 * Owned by one thread, which looks once a second.
 */
final class SlowLeader {
    /** Below these nobody is slow: a good disk that has a bad moment is still good. */
    static final long SYNC_MICROS_MIN = 40_000;

    static final long APPLY_MICROS_MIN = 20_000;

    /** So many times as long as the follower's. */
    static final long TIMES = 5;

    /** So long in a row; each value is the mean of some seconds already. */
    static final int LOOKS_MIN = 4;

    /** Leadership that goes to and fro would be worse than a slow leader. */
    static final long BETWEEN_TWO_NANOS = TimeUnit.SECONDS.toNanos(60);

    private int slowLooks;
    private boolean hasHandedOver;
    private long handedOverNanos;

    /**
     * @param heir who should lead
     * @param reason in words, for the log
     */
    record Verdict(String heir, String reason) {}

    /** One look. Its verdict stands if the caller acts on it; it is not given twice within a minute. */
    Optional<Verdict> look(long nowNanos, NodeVitals own, List<Candidate> followers) {
        List<Candidate> faster = followers.stream()
                .filter(Candidate::isWilling)
                .filter(follower -> !reason(own, follower).isEmpty())
                .toList();
        Optional<Candidate> heir = Succession.choose(faster)
                .flatMap(id -> faster.stream()
                        .filter(follower -> follower.nodeId().equals(id))
                        .findFirst());
        if (heir.isEmpty() || !isCaughtUp(heir.get(), followers)) {
            slowLooks = 0;
            return Optional.empty();
        }
        slowLooks++;
        boolean isTooSoon = hasHandedOver && nowNanos - handedOverNanos < BETWEEN_TWO_NANOS;
        if (slowLooks < LOOKS_MIN || isTooSoon) {
            return Optional.empty();
        }
        hasHandedOver = true;
        handedOverNanos = nowNanos;
        slowLooks = 0;
        return heir.map(next -> new Verdict(next.nodeId(), reason(own, next)));
    }

    /** This node does not lead: what it saw when it did has no meaning any more. */
    void forget() {
        slowLooks = 0;
    }

    private static boolean isCaughtUp(Candidate heir, List<Candidate> followers) {
        long best = followers.stream().mapToLong(Candidate::matchIndex).max().orElse(0);
        return best - heir.matchIndex() <= Succession.LEVEL_ENTRIES;
    }

    /** Empty if the leader is not slow beside this follower, or nobody can tell. */
    private static String reason(NodeVitals own, Candidate follower) {
        NodeVitals its = follower.vitals();
        if (isSlow(own.syncMicros(), its.syncMicros(), SYNC_MICROS_MIN)) {
            return words("an fsync", own.syncMicros(), follower.nodeId(), its.syncMicros());
        }
        if (its.syncMicros() == 0 && own.syncMicros() >= RecentMean.LONG_MICROS) {
            return "an fsync takes " + own.syncMicros() / 1_000 + " ms here, and node " + follower.nodeId() + " waits";
        }
        return isSlow(own.applyMicros(), its.applyMicros(), APPLY_MICROS_MIN)
                ? words("applying an entry", own.applyMicros(), follower.nodeId(), its.applyMicros())
                : "";
    }

    private static boolean isSlow(long own, long its, long min) {
        return its > 0 && own >= min && own >= TIMES * its;
    }

    private static String words(String what, long own, String nodeId, long its) {
        return what + " takes " + own / 1_000 + " ms here and " + its / 1_000 + " ms at node " + nodeId;
    }
}
