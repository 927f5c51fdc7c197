package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeNetworks.Roughness;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.List;
import java.util.random.RandomGenerator;

/** The wires of all nodes get bad, or that of the leader alone. */
final class RoughNetwork {
    private static final ClusterNeeds WIRES = ClusterNeeds.of(ClusterNeeds.Part.ROUGH_WIRES);

    private RoughNetwork() {}

    static List<Nemesis> kinds() {
        return List.of(
                new Fault("packet-delay", Victims.ALL, WIRES, Promise.SILENT, RoughNetwork::delay),
                new Fault("packet-loss", Victims.ALL, WIRES, Promise.SHORT, RoughNetwork::lose),
                new Fault("low-bandwidth", Victims.LEADER, WIRES, Promise.SHORT, RoughNetwork::slowDown));
    }

    /** The distance between data centres. */
    private static void delay(List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
        long millis = random.nextLong(5, 40);
        hold(new Roughness(millis, millis, 0, 0), chosen, cluster, random, faults);
    }

    private static void lose(List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
        hold(new Roughness(0, 0, random.nextLong(5, 30), 0), chosen, cluster, random, faults);
    }

    private static void slowDown(
            List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
        hold(new Roughness(0, 0, 0, random.nextLong(30_000, 300_000)), chosen, cluster, random, faults);
    }

    private static void hold(
            Roughness how, List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
        try {
            chosen.forEach(node -> cluster.networks().roughen(node, how));
            faults.say("the wires of " + Victims.names(chosen) + ": " + how);
            Hold.between(3_000, 10_000, random);
        } finally {
            cluster.networks().heal();
            faults.say("mended the wires");
        }
    }
}
