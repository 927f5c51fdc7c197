package io.stanchion.chaos.mutant;

import java.io.IOException;

/** What can be broken, where, under which fault, and by which judges it must be found: any of them will do. */
enum Mutant {
    REDELIVERED_FLAG_DROPPED(
            "io.stanchion.node.leader.DeliveryPage",
            "onMessage",
            DeliveryMutations.DropFlag.class,
            "kill-leader",
            4,
            300,
            "redelivered-flag"),
    FLAG_ALWAYS_SET(
            "io.stanchion.node.leader.DeliveryPage",
            "onMessage",
            DeliveryMutations.SetFlag.class,
            "kill-leader",
            4,
            300,
            "redelivered-flag"),
    MESSAGES_REORDERED(
            "io.stanchion.node.leader.DeliveryPage",
            "message",
            DeliveryMutations.Reorder.class,
            "kill-leader",
            4,
            300,
            "redelivered-flag"),
    ACK_APPLIED_TWICE(
            "io.stanchion.raftsm.model.Pending",
            "remove",
            DeliveryMutations.AckNextToo.class,
            "kill-leader",
            4,
            600,
            "skipped-deliveries"),
    ACK_BEFORE_COMMIT(
            "io.stanchion.gateway.stan.PendingPublication",
            "recordBytes",
            LogMutations.AckAtOnce.class,
            "kill-leader",
            4,
            300,
            "lost-messages|real-time-order"),
    BATCH_RECORD_FORGOTTEN(
            "io.stanchion.raftsm.command.BatchApplier",
            "apply",
            LogMutations.ForgetBatch.class,
            "partition-leader-deaf",
            1,
            600,
            "duplicate-messages|node"),
    POSITION_BEFORE_DATA(
            "io.stanchion.raftsm.store.StoreWriter",
            "writeNow",
            LogMutations.WriteLate.class,
            "rolling-restart",
            1,
            600,
            "lost-messages|replicas-agree|channel-shape|digests-equal|node"),
    NO_FSYNC(
            "org.apache.ratis.server.raftlog.segmented.BufferedWriteChannel",
            "flushBuffer",
            LogMutations.SkipSync.class,
            "power-cut-all",
            1,
            300,
            "lost-messages|replicas-agree|node"),
    BLANK_VOTER(
            "io.stanchion.node.raft.Membership",
            "mayVote",
            LogMutations.VoteAnyway.class,
            "emptied-voter",
            1,
            300,
            "lost-messages|replicas-agree|node"),
    ROLLED_BACK_VOTER(
            "io.stanchion.node.raft.Promises",
            "compare",
            LogMutations.ForgetPromises.class,
            "rolled-back-voter",
            1,
            300,
            "lost-messages|replicas-agree|node");

    final String className;
    final String method;
    final Class<?> advice;
    final String nemesis;
    final int seconds;
    final int rate;
    final String judges;

    /**
     * @param nemesis the fault under which it is found, in a round of so many {@code seconds}, or of one strike if that takes longer
     * @param rate publishes in a second
     * @param judges a pattern of their names
     */
    Mutant(String className, String method, Class<?> advice, String nemesis, int seconds, int rate, String judges) {
        this.className = className;
        this.method = method;
        this.advice = advice;
        this.nemesis = nemesis;
        this.seconds = seconds;
        this.rate = rate;
        this.judges = judges;
    }

    byte[] classFile() throws IOException {
        return Weaver.weave(className, method, advice);
    }
}
