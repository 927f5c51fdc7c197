package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A fault that belongs into the list, so that each report names it, though nothing can inflict it yet. */
record NotYet(String name, String reason) implements Nemesis {
    static List<Nemesis> kinds() {
        return List.of(
                new NotYet("previous-release", "there is no previous release to mix in"),
                new NotYet("packet-delay", "this suite has no relay between nodes, and uses no netem"),
                new NotYet("roll-back", "this suite keeps no older copy of a node's files"),
                new NotYet("damaged-snapshot", "this suite does not bring a node to write a snapshot first"),
                new NotYet("cpu-starvation", "this suite has no control group for a node"),
                new NotYet("new-address", "this suite does not change the members of a running cluster"),
                new NotYet("reconnecting-crowd", "this suite has no crowd of clients"));
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.of(reason);
    }

    @Override
    public ClusterNeeds needs() {
        return ClusterNeeds.PLAIN;
    }

    @Override
    public Promise promise() {
        return Promise.LONG;
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults) {
        throw new UnsupportedOperationException(name + ": " + reason);
    }
}
