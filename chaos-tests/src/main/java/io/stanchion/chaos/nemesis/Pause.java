package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** SIGSTOP for a while: a node that believes, when it wakes, that no time has passed. */
record Pause(Victims victims) implements Nemesis {
    private static final long LEAST_MILLIS = 1_000;
    private static final long MOST_MILLIS = 15_000;

    static List<Nemesis> kinds() {
        return List.of(new Pause(Victims.LEADER), new Pause(Victims.FOLLOWER));
    }

    @Override
    public String name() {
        return "pause-" + victims.label();
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
            faults.say("SIGSTOP " + Victims.names(chosen));
            chosen.forEach(NodeProcess::pause);
            Hold.between(LEAST_MILLIS, MOST_MILLIS, random);
        } finally {
            chosen.forEach(NodeProcess::resume);
            faults.say("SIGCONT " + Victims.names(chosen));
        }
    }
}
