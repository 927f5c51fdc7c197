package io.stanchion.node.raft;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who should lead after this leader: the follower that has most of the log, so that the hand-over takes no time; and of several that have
 * practically the same, the one that runs longest. A process that has just started is slow until its JVM has compiled what it does often,
 * and everybody waits for a leader.
 */
final class Succession {
    /** Under load followers are a few entries behind, in turn. The missing ones are sent in a moment. */
    static final long LEVEL_ENTRIES = 100;

    /** By then a process is as fast as it gets. */
    static final long WARM_MILLIS = 120_000;

    /** Whoever is silent for longer is dead. */
    static final long LATE_MILLIS = 5_000;

    private Succession() {}

    /** @param silentMillis since its last answer to the leader, less what rare heartbeats explain */
    record Candidate(String nodeId, long matchIndex, long silentMillis, NodeVitals vitals) {
        boolean isWilling() {
            return silentMillis <= Group.SILENT_MILLIS && !vitals.stopping();
        }

        boolean isLate() {
            return silentMillis <= LATE_MILLIS && !vitals.stopping();
        }

        long warmth() {
            return Math.min(vitals.uptimeMillis(), WARM_MILLIS);
        }
    }

    static Optional<String> choose(List<Candidate> followers) {
        List<Candidate> willing =
                followers.stream().filter(Candidate::isWilling).toList();
        if (willing.isEmpty()) { // on a crowded machine all may be late; trying costs little
            willing = followers.stream().filter(Candidate::isLate).toList();
        }
        return best(willing);
    }

    private static Optional<String> best(List<Candidate> willing) {
        long best = willing.stream().mapToLong(Candidate::matchIndex).max().orElse(0);
        return willing.stream()
                .filter(candidate -> best - candidate.matchIndex <= LEVEL_ENTRIES)
                .max(Comparator.comparingLong(Candidate::warmth).thenComparingLong(Candidate::matchIndex))
                .map(Candidate::nodeId);
    }
}
