package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** SIGKILL, and a new start a moment later. */
record Kill(Victims victims) implements Nemesis {
    private static final long DOWN_LEAST_MILLIS = 500;
    private static final long DOWN_MOST_MILLIS = 5_000;

    static List<Nemesis> kinds() {
        return Stream.of(Victims.values()).<Nemesis>map(Kill::new).toList();
    }

    @Override
    public String name() {
        return "kill-" + victims.label();
    }

    @Override
    public Optional<String> obstacle() {
        return Optional.empty();
    }

    @Override
    public ClusterNeeds needs() {
        return ClusterNeeds.PLAIN;
    }

    @Override
    public Promise promise() {
        return victims.promise();
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults) throws InterruptedException {
        List<NodeProcess> chosen = victims.choose(cluster, random);
        try {
            faults.say("SIGKILL " + Victims.names(chosen));
            chosen.forEach(NodeProcess::kill);
            Hold.between(DOWN_LEAST_MILLIS, DOWN_MOST_MILLIS, random);
        } finally {
            chosen.forEach(NodeProcess::start);
            faults.say("started " + Victims.names(chosen));
        }
    }
}
