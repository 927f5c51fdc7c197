package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.List;
import java.util.random.RandomGenerator;

/** SIGKILL, and a new start a moment later. */
final class Kill {
    private static final long DOWN_LEAST_MILLIS = 500;
    private static final long DOWN_MOST_MILLIS = 5_000;

    private Kill() {}

    static List<Nemesis> kinds() {
        return Fault.toEachKind("kill", ClusterNeeds.PLAIN, Kill::kill);
    }

    private static void kill(List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
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
