package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeDisks;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Somebody else fills the disk of one node to the last bytes, and tidies up later. A node that ended is started again. */
record DiskFull(Victims victims) implements Nemesis {
    private static final long LEFT_MOST_BYTES = 4L << 20;

    static List<Nemesis> kinds() {
        return List.of(new DiskFull(Victims.LEADER), new DiskFull(Victims.FOLLOWER));
    }

    @Override
    public String name() {
        return "disk-full-" + victims.label();
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
        return Promise.LONG; // refusing publishes with a clear error is what is asked of a full leader
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults) throws InterruptedException {
        List<NodeProcess> chosen = victims.choose(cluster, random);
        long left = random.nextLong(LEFT_MOST_BYTES);
        try {
            faults.say("filled the disk of " + Victims.names(chosen) + " up to " + left + " bytes");
            chosen.forEach(node -> cluster.disks().fill(node, left));
            Hold.between(5_000, 15_000, random);
        } finally {
            chosen.forEach(cluster.disks()::empty);
            faults.say("made room again");
            Restarts.startEnded(chosen, faults);
        }
    }
}
