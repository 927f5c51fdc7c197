package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Somebody else fills the disk of one node to the last bytes, and tidies up later. A node that ended is started again. */
final class DiskFull {
    private static final ClusterNeeds DISKS = ClusterNeeds.of(ClusterNeeds.Part.DISKS);
    private static final long LEFT_MOST_BYTES = 4L << 20;

    private DiskFull() {}

    static List<Nemesis> kinds() {
        // Refusing publishes with a clear error is what is asked of a full leader.
        return Stream.of(Victims.LEADER, Victims.FOLLOWER)
                .<Nemesis>map(victims ->
                        new Fault("disk-full-" + victims.label(), victims, DISKS, Promise.LONG, DiskFull::fill))
                .toList();
    }

    private static void fill(List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
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
