package io.stanchion.node;

import io.stanchion.node.raft.Membership;
import io.stanchion.node.raft.Quarantine;
import io.stanchion.node.raft.RaftNode;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Whether this node should be sent clients, and why not. Any thread asks; {@link #watch} belongs to one. */
final class Fitness {
    private static final long NOT_RUNNING_SECONDS_MAX = 10;

    private final boolean isAlone;
    private final RaftNode raft;
    private final Membership membership;
    private final Quarantine quarantine;
    private final Supplier<String> clientsReason;
    private final BooleanSupplier isInstallOverdue;
    private final NodeEvents events;
    private volatile boolean retiring;
    private long notRunningSeconds;
    private boolean restarting;

    /**
     * @param clientsReason why clients are not served, as far as that is no matter of the replica; empty if they are
     * @param isInstallOverdue whether the replica waits in vain for a pulled checkpoint to be used
     */
    Fitness(
            boolean isAlone,
            RaftNode raft,
            Membership membership,
            Quarantine quarantine,
            Supplier<String> clientsReason,
            BooleanSupplier isInstallOverdue,
            NodeEvents events) {
        this.isAlone = isAlone;
        this.raft = raft;
        this.membership = membership;
        this.quarantine = quarantine;
        this.clientsReason = clientsReason;
        this.isInstallOverdue = isInstallOverdue;
        this.events = events;
    }

    /** From now on this node is fit for nothing. */
    void retire() {
        retiring = true;
    }

    /** In a few words; empty if it is fit. */
    String unfitReason() {
        if (retiring) {
            return "stopping";
        }
        String waiting = membership.waitingFor();
        String doubted = quarantine.reason();
        String unfit = waiting.isEmpty() ? raft.unfitReason() : waiting;
        if (!doubted.isEmpty() && !isAlone) { // a node that is alone serves what it can read
            unfit = "this node's data can't be trusted: " + doubted;
        }
        return unfit.isEmpty() ? clientsReason.get() : unfit;
    }

    /** Why this node's data is not trusted, or is being replaced; empty if it is. */
    String quarantineReason() {
        String doubted = quarantine.reason();
        return doubted.isEmpty() ? membership.rebuildReason() : doubted;
    }

    /** To be called once a second. A replica that has stopped by itself keeps its process from being replaced: better to end it. */
    void watch() {
        if (isInstallOverdue.getAsBoolean() && !restarting) {
            restarting = true;
            events.onRestart("the leader was replaced while a checkpoint was pulled");
        }
        if (raft.isRunning() || membership.isOutside()) {
            notRunningSeconds = 0;
        } else if (++notRunningSeconds == NOT_RUNNING_SECONDS_MAX) {
            events.onFault(
                    "the replica has not been running for " + NOT_RUNNING_SECONDS_MAX + " s",
                    new IllegalStateException(raft.unfitReason()));
        }
    }
}
