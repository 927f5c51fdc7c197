package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.ClusterException;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.time.Duration;

/** An operator gives leadership to another node, for the sake of what an election changes on all disks. */
final class Elections {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Elections() {}

    /** Neither the old nor the new leader is this node, if it does not lead already. Asks again if the leader keeps its place. */
    static void holdWithout(NodeProcess node, ProcessCluster cluster, FaultLog faults) {
        Await.tryUntil(LIMIT, () -> tryOne(node, cluster, faults));
    }

    private static boolean tryOne(NodeProcess node, ProcessCluster cluster, FaultLog faults) {
        NodeProcess leader = cluster.awaitLeader(LIMIT);
        String heir = cluster.followersOf(leader).stream()
                .filter(candidate -> candidate != node)
                .map(NodeProcess::id)
                .findFirst()
                .orElseThrow();
        try {
            cluster.operate(leader, "transfer", heir);
            faults.say(leader.id() + " gave leadership to " + heir);
            return true;
        } catch (ClusterException e) {
            faults.say(leader.id() + " keeps leadership: " + e.getMessage());
            return false;
        }
    }
}
