package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.Folders;
import io.stanchion.chaos.cluster.NodeException;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** The members of the cluster change, or their places do. */
final class Members {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The status with which a node ends that was removed. */
    private static final int REMOVED = 5;

    private Members() {}

    static List<Nemesis> kinds() {
        ClusterNeeds networks = ClusterNeeds.of(ClusterNeeds.Part.NETWORKS);
        return List.of(
                new Fault("removal-under-partition", Victims.FOLLOWER, networks, Promise.SHORT, Members::remove),
                new Fault("new-address", Victims.FOLLOWER, ClusterNeeds.PLAIN, Promise.SHORT, Members::move));
    }

    /**
     * A node is killed, and comes back where the others don't expect it, perhaps on a new machine with an empty disk; their configuration
     * names the old address for good. Then it has to carry the cluster with one other.
     */
    private static void move(List<NodeProcess> chosen, ProcessCluster cluster, RandomGenerator random, FaultLog faults)
            throws IOException, InterruptedException {
        NodeProcess node = chosen.get(0);
        node.kill();
        faults.say("killed " + node.id());
        if (random.nextBoolean()) {
            Folders.delete(node.dataDirectory());
            faults.say("emptied " + node.id());
        }
        node.moveOnItsHost();
        node.start();
        faults.say("started " + node.id() + " at " + node.peerAddress());
        NodeProcess other =
                cluster.followersOf(node).get(random.nextInt(cluster.nodes().size() - 1));
        Await.until(
                "the others don't find " + node.id() + " at " + node.peerAddress(),
                LIMIT,
                () -> cluster.operate(other, "status").contains(node.peerAddress()));
        node.awaitReady(LIMIT);
        faults.say(node.id() + " is found");
        other.kill(); // without the vote of the one that has moved there is no leader
        faults.say("killed " + other.id());
        Hold.between(1_000, 4_000, random);
        other.start();
        faults.say("started " + other.id());
    }

    /**
     * A follower is cut off, and removed meanwhile. When it hears of that it ends; emptied, it is taken in again. Its clients wait until it
     * ends, and then go elsewhere.
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
        int status = node.awaitEnd(LIMIT);
        faults.say(node.id() + " ended with status " + status);
        if (status != REMOVED) {
            throw new NodeException(
                    node.id() + " ended with status " + status + " after its removal: " + node.logTail());
        }
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
