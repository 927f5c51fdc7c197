package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One kind of fault. Stateless: a strike keeps its own state, and heals what it did also when it fails. */
public interface Nemesis {
    /** As on the command line: "kill-leader". */
    String name();

    /** Why this machine cannot do it, found by trying; empty if it can. */
    default Optional<String> obstacle() {
        return needs().obstacle();
    }

    /** What the cluster must be made of before its nodes start. */
    default ClusterNeeds needs() {
        return ClusterNeeds.PLAIN;
    }

    /** What clients are promised while it strikes. */
    Promise promise();

    /** Whether nodes may disagree about the time of day, so that nobody can say how old a message is. */
    default boolean movesClocks() {
        return false;
    }

    /** Inflicts, holds, heals; returns when all nodes run again and should be able to become ready. */
    void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults) throws Exception;
}
