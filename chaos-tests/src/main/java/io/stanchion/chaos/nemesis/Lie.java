package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.LyingLibc;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** A node is deceived about the time of day, or about its disk. Only an fsync that fails is a reason to end, and then it has to. */
record Lie(String name, Victims victims, Promise promise, Telling telling) implements Nemesis {
    private static final ClusterNeeds LIBC = ClusterNeeds.of(ClusterNeeds.Part.LIBC);
    private static final String CLOCK = "clock-";
    private static final Duration SYNC_PATIENCE = Duration.ofSeconds(10);
    private static final long JUMP_MOST_MILLIS = 3_600_000;
    private static final long DRIFT_MOST_PPM = 200_000;

    /** Tells one node something untrue, and us in words what it was. */
    interface Telling {
        String tell(LyingLibc libc, NodeProcess node, RandomGenerator random);
    }

    static List<Nemesis> kinds() {
        return List.of(
                new Lie(CLOCK + "jump-leader", Victims.LEADER, Promise.SILENT, Lie::jump),
                new Lie(CLOCK + "jump-follower", Victims.FOLLOWER, Promise.SILENT, Lie::jump),
                new Lie(CLOCK + "drift-leader", Victims.LEADER, Promise.SILENT, Lie::drift),
                new Fault("fsync-error-leader", Victims.LEADER, LIBC, Promise.SHORT, Lie::failSync),
                new Fault("fsync-error-follower", Victims.FOLLOWER, LIBC, Promise.SHORT, Lie::failSync),
                new Lie("slow-disk-leader", Victims.LEADER, Promise.SHORT, Lie::slowDisk),
                new Lie("slow-disk-follower", Victims.FOLLOWER, Promise.SILENT, Lie::slowDisk));
    }

    @Override
    public ClusterNeeds needs() {
        return LIBC;
    }

    @Override
    public boolean movesClocks() {
        return name.startsWith(CLOCK);
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults) throws InterruptedException {
        List<NodeProcess> chosen = victims.choose(cluster, random);
        try {
            chosen.forEach(node -> faults.say(node.id() + ": " + telling.tell(cluster.libc(), node, random)));
            Hold.between(3_000, 10_000, random);
        } finally {
            chosen.forEach(cluster.libc()::heal);
            faults.say("the truth again for " + Victims.names(chosen));
        }
        Restarts.requireRunning(chosen);
    }

    private static String jump(LyingLibc libc, NodeProcess node, RandomGenerator random) {
        long millis = random.nextLong(-JUMP_MOST_MILLIS, JUMP_MOST_MILLIS);
        libc.setClock(node, millis);
        return "clock jumped by " + millis + " ms";
    }

    private static String drift(LyingLibc libc, NodeProcess node, RandomGenerator random) {
        long partsPerMillion = random.nextLong(-DRIFT_MOST_PPM, DRIFT_MOST_PPM);
        libc.setDrift(node, partsPerMillion);
        return "clock drifts by " + partsPerMillion + " ppm";
    }

    /** Nobody knows what is on the disk after that, so the node must not go on with what it has in memory. */
    private static void failSync(
            List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
        NodeProcess node = chosen.get(0);
        try {
            cluster.libc().failSyncs(node, 1);
            faults.say(node.id() + ": one fsync fails");
            Await.until(
                    "node " + node.id() + " has nothing to fsync",
                    SYNC_PATIENCE,
                    () -> cluster.libc().syncsToFail(node) <= 0);
            Restarts.awaitFault(node, faults);
            Hold.between(500, 5_000, random);
        } finally {
            cluster.libc().heal(node);
            node.kill();
            node.start();
            faults.say("started " + node.id());
        }
    }

    private static String slowDisk(LyingLibc libc, NodeProcess node, RandomGenerator random) {
        long millis = random.nextLong(50, 500);
        libc.setSyncDelay(node, millis);
        return "each fsync takes " + millis + " ms longer";
    }
}
