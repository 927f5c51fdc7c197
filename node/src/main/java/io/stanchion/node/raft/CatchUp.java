package io.stanchion.node.raft;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether a replica has once, since its start, applied what was committed when it first heard of a leader. Until then it shows the past;
 * afterwards it may fall behind a little, as followers do under load. Thread-safe.
 */
final class CatchUp {
    private static final long UNKNOWN = -1;

    private final AtomicLong target = new AtomicLong(UNKNOWN);
    private volatile boolean done;

    /**
     * Why it is not there yet, in a few words; empty if it is.
     *
     * @param leaderCommit index up to which the leader has committed, if this node has heard of it
     */
    String lacks(OptionalLong leaderCommit, long applied) {
        if (done) {
            return "";
        }
        if (leaderCommit.isEmpty()) {
            return "replica does not know yet how much there is to apply";
        }
        target.compareAndSet(UNKNOWN, leaderCommit.getAsLong());
        long missing = target.get() - applied;
        done = missing <= 0;
        return done ? "" : "replica is " + missing + " entries behind";
    }
}
