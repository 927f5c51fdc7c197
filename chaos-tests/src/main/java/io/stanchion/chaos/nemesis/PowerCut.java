package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Nodes lose power: what no fsync has brought to their disks is gone. Sometimes again, while they recover. */
final class PowerCut {
    private static final ClusterNeeds DISKS = ClusterNeeds.of(ClusterNeeds.Part.DISKS);

    private PowerCut() {}

    static List<Nemesis> kinds() {
        List<Nemesis> kinds = new ArrayList<>(Fault.toEachKind("power-cut", DISKS, PowerCut::once));
        for (Victims victims : List.of(Victims.LEADER, Victims.ALL)) {
            String name = "power-cut-" + victims.label() + "-twice";
            kinds.add(new Fault(name, victims, DISKS, victims.promise(), PowerCut::twice));
        }
        return kinds;
    }

    private static void twice(List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
        once(chosen, cluster, random, faults);
        Hold.between(300, 3_000, random); // somewhere in the recovery
        once(chosen, cluster, random, faults);
    }

    private static void once(List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
        List<NodeProcess> dark = new ArrayList<>();
        try {
            chosen.forEach(NodeProcess::pause); // all at the same moment, as far as that goes
            for (NodeProcess node : chosen) {
                dark.add(node);
                cluster.disks().cutPower(node);
            }
            faults.say("power cut at " + Victims.names(chosen));
            Hold.between(200, 3_000, random);
        } finally {
            chosen.forEach(NodeProcess::kill);
            dark.forEach(cluster.disks()::restorePower);
            chosen.forEach(NodeProcess::start);
            faults.say("power back at " + Victims.names(chosen));
        }
    }
}
