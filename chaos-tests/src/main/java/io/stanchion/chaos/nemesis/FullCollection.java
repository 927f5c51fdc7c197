package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.MachineCommand;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Full garbage collections of one node, one after the other, through the JDK's own {@code jcmd}. */
record FullCollection(Victims victims) implements Nemesis {
    static List<Nemesis> kinds() {
        return List.of(new FullCollection(Victims.LEADER), new FullCollection(Victims.FOLLOWER));
    }

    @Override
    public String name() {
        return "full-gc-" + victims.label();
    }

    @Override
    public Optional<String> obstacle() {
        return MachineCommand.objection("jcmd", "-h").map(words -> "no jcmd: " + words);
    }

    @Override
    public Promise promise() {
        return Promise.SILENT;
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults) throws InterruptedException {
        NodeProcess node = victims.choose(cluster, random).get(0);
        int collections = random.nextInt(5, 20);
        faults.say(collections + " full collections at " + node.id());
        for (int i = 0; i < collections; i++) {
            MachineCommand.run("jcmd", String.valueOf(node.pid()), "GC.run");
            Hold.between(20, 200, random);
        }
    }
}
