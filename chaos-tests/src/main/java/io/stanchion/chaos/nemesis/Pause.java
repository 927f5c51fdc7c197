package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** SIGSTOP: once for long, so that a node believes when it wakes that no time has passed, or again and again, so that it crawls. */
final class Pause {
    private static final long LEAST_MILLIS = 1_000;
    private static final long MOST_MILLIS = 15_000;
    private static final long SLICE_MILLIS = 100;

    private Pause() {}

    static List<Nemesis> kinds() {
        List<Nemesis> kinds = new ArrayList<>(Fault.toOne("pause", ClusterNeeds.PLAIN, Pause::pause));
        // A leader that crawls is alive, so perhaps nobody deposes it; but it gets on, and not for 10 s is it so slow.
        kinds.addAll(Fault.toOne("cpu-starvation", ClusterNeeds.PLAIN, Pause::starve));
        return kinds;
    }

    private static void pause(List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
        try {
            faults.say("SIGSTOP " + Victims.names(chosen));
            chosen.forEach(NodeProcess::pause);
            Hold.between(LEAST_MILLIS, MOST_MILLIS, random);
        } finally {
            chosen.forEach(NodeProcess::resume);
            faults.say("SIGCONT " + Victims.names(chosen));
        }
    }

    /** What the kernel does to a group of processes that has used up its share of a period. */
    private static void starve(
            List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException {
        long share = random.nextLong(5, 40);
        long end = System.nanoTime() + random.nextLong(3_000, 10_000) * 1_000_000;
        faults.say(Victims.names(chosen) + " runs " + share + " of every " + SLICE_MILLIS + " ms");
        while (System.nanoTime() - end < 0) {
            try {
                chosen.forEach(NodeProcess::pause);
                Hold.millis(SLICE_MILLIS - share);
            } finally {
                chosen.forEach(NodeProcess::resume);
            }
            Hold.millis(share);
        }
        faults.say(Victims.names(chosen) + " has all the time that there is again");
    }
}
