package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A fault that belongs into the list, so that each report names it, though nothing can inflict it yet. */
record NotYet(String name, String reason) implements Nemesis {
    static List<Nemesis> kinds() {
        return List.of(new NotYet("previous-release", "there is no previous release to mix in"));
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.of(reason);
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
