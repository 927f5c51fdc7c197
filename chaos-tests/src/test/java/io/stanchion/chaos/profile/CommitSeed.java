package io.stanchion.chaos.profile;

import io.stanchion.chaos.cluster.ClusterException;
import io.stanchion.chaos.cluster.MachineCommand;

/** Decides what a run of all tests tries out of much: each commit meets other things, and a commit always the same. */
final class CommitSeed {
    private CommitSeed() {}

    /** As given by {@code -Dchaos.seed}, otherwise of the commit. Where there is no history any seed will do, but always the same. */
    static long get() {
        return Long.getLong("chaos.seed", ofCommit());
    }

    private static long ofCommit() {
        try {
            return Long.parseLong(MachineCommand.run("git", "rev-parse", "--short=7", "HEAD"), 16);
        } catch (ClusterException | NumberFormatException e) {
            return 1;
        }
    }
}
