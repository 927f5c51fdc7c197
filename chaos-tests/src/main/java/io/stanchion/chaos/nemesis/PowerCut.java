package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeDisks;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Nodes lose power: what no fsync has brought to their disks is gone. Sometimes again, while they recover. */
record PowerCut(Victims victims, boolean again) implements Nemesis {
    static List<Nemesis> kinds() {
        List<Nemesis> kinds = new ArrayList<>();
        Stream.of(Victims.values()).forEach(victims -> kinds.add(new PowerCut(victims, false)));
        kinds.add(new PowerCut(Victims.ALL, true));
        return kinds;
    }

    @Override
    public String name() {
        return "power-cut-" + victims.label() + (again ? "-twice" : "");
    }

    @Override
    public Optional<String> obstacle() {
        return NodeDisks.obstacle();
    }

    @Override
    public ClusterNeeds needs() {
        return ClusterNeeds.DISKS;
    }

    @Override
    public Promise promise() {
        return victims.promise();
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults) throws InterruptedException {
        List<NodeProcess> chosen = victims.choose(cluster, random);
        cut(cluster, chosen, random, faults);
        if (again) {
            Hold.between(300, 3_000, random); // somewhere in the recovery
            cut(cluster, chosen, random, faults);
        }
    }

    private static void cut(ProcessCluster cluster, List<NodeProcess> chosen, RandomGenerator random, FaultLog faults)
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
