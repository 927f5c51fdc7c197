package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.Folders;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** The members of the cluster change while it is in trouble. */
final class Members {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Members() {}

    static List<Nemesis> kinds() {
        ClusterNeeds networks = ClusterNeeds.of(ClusterNeeds.Part.NETWORKS);
        return List.of(new Fault("removal-under-partition", Victims.FOLLOWER, networks, Promise.LONG, Members::remove));
    }

    /**
     * A follower is cut off, and removed meanwhile. When it hears of that it ends; emptied, it is taken in again. Its clients wait for as long
     * as the operator takes.
     */
    private static void remove(
            List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws InterruptedException, IOException {
        NodeProcess node = chosen.get(0);
        List<NodeProcess> others = cluster.followersOf(node);
        try {
            cluster.networks().split(chosen, others);
            faults.say("cut " + node.id() + " from all peers");
            Hold.between(200, 2_000, random);
            faults.say(lastLine(cluster.operate(others.get(0), "remove", node.id())));
            Hold.between(200, 2_000, random);
        } finally {
            cluster.networks().heal();
            faults.say("mended the network");
        }
        faults.say(node.id() + " ended with status " + node.awaitEnd(LIMIT));
        Folders.delete(node.dataDirectory());
        node.start();
        Await.until(
                node.id() + " does not wait to be added",
                LIMIT,
                () -> node.monitor().health().contains("no member of the cluster yet"));
        faults.say(lastLine(cluster.operate(others.get(0), "add", node.id() + "=" + node.peerAddress())));
    }

    private static String lastLine(String text) {
        return text.substring(text.lastIndexOf('\n') + 1);
    }
}
