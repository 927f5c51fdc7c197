package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeNetworks;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Cuts between nodes, or between a node and the clients, for a while. */
record Partition(String name, int nodes, Promise promise, Cut cut) implements Nemesis {
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(30);
    private static final long LEAST_MILLIS = 3_000;
    /** Clients of a node that is cut off see no error if that lasts less than 10 s, and they need some of it to come back. */
    private static final long MOST_MILLIS = 7_000;

    /** Cuts what this kind of partition cuts, and says in words what that was. */
    interface Cut {
        String inflict(NodeNetworks networks, NodeProcess leader, List<NodeProcess> followers);
    }

    static List<Nemesis> kinds() {
        return List.of(
                new Partition("partition-leader", 3, Promise.SHORT, Partition::leaderAlone),
                new Partition("partition-follower", 3, Promise.SHORT, Partition::followerAlone),
                new Partition("partition-minority-of-five", 5, Promise.SHORT, Partition::leaderInMinority),
                new Partition("partition-bridge-of-five", 5, Promise.SHORT, Partition::bridge),
                new Partition("partition-leader-mute", 3, Promise.SHORT, Partition::leaderMute),
                new Partition("partition-leader-deaf", 3, Promise.SHORT, Partition::leaderDeaf),
                new Partition("partition-raft-only", 3, Promise.SHORT, Partition::raftOnly),
                new Partition("partition-clients-from-leader", 3, Promise.SHORT, Partition::clientsFromLeader),
                new Partition("partition-everyone", 3, Promise.LONG, Partition::everyone),
                new Partition("slow-leader-network", 3, Promise.SHORT, Partition::slowLeader));
    }

    @Override
    public ClusterNeeds needs() {
        return ClusterNeeds.of(ClusterNeeds.Part.NETWORKS).ofSize(nodes);
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults) throws InterruptedException {
        NodeProcess leader = cluster.awaitLeader(LEADER_PATIENCE);
        List<NodeProcess> followers =
                Victims.some(cluster.followersOf(leader), cluster.nodes().size() - 1, random);
        try {
            faults.say(cut.inflict(cluster.networks(), leader, followers));
            Hold.between(LEAST_MILLIS, MOST_MILLIS, random);
        } finally {
            cluster.networks().heal();
            faults.say("mended the network");
        }
    }

    private static String leaderAlone(NodeNetworks networks, NodeProcess leader, List<NodeProcess> followers) {
        networks.split(List.of(leader), followers);
        return "cut leader " + leader.id() + " from all peers";
    }

    private static String followerAlone(NodeNetworks networks, NodeProcess leader, List<NodeProcess> followers) {
        NodeProcess alone = followers.get(0);
        networks.split(List.of(alone), List.of(leader, followers.get(1)));
        return "cut follower " + alone.id() + " from all peers";
    }

    private static String leaderInMinority(NodeNetworks networks, NodeProcess leader, List<NodeProcess> followers) {
        networks.split(List.of(leader, followers.get(0)), followers.subList(1, followers.size()));
        return "cut leader " + leader.id() + " with " + followers.get(0).id() + " from "
                + Victims.names(followers.subList(1, followers.size()));
    }

    /** Two halves that do not see each other, and one node that sees both. */
    private static String bridge(NodeNetworks networks, NodeProcess leader, List<NodeProcess> followers) {
        networks.split(List.of(leader, followers.get(0)), followers.subList(2, 4));
        return "only " + followers.get(1).id() + " sees both " + leader.id() + ", "
                + followers.get(0).id() + " and " + Victims.names(followers.subList(2, 4));
    }

    private static String leaderMute(NodeNetworks networks, NodeProcess leader, List<NodeProcess> followers) {
        followers.forEach(follower -> networks.cutOneWay(leader, follower));
        return "peers do not hear leader " + leader.id();
    }

    private static String leaderDeaf(NodeNetworks networks, NodeProcess leader, List<NodeProcess> followers) {
        followers.forEach(follower -> networks.cutOneWay(follower, leader));
        return "leader " + leader.id() + " does not hear its peers";
    }

    private static String raftOnly(NodeNetworks networks, NodeProcess leader, List<NodeProcess> followers) {
        followers.forEach(follower -> networks.cutRaft(leader, follower));
        return "cut the Raft port of leader " + leader.id() + " and nothing else";
    }

    private static String clientsFromLeader(NodeNetworks networks, NodeProcess leader, List<NodeProcess> followers) {
        networks.cutClients(leader);
        return "cut clients from leader " + leader.id();
    }

    private static String everyone(NodeNetworks networks, NodeProcess leader, List<NodeProcess> followers) {
        networks.split(List.of(leader), followers);
        networks.cutBothWays(followers.get(0), followers.get(1));
        return "cut every node from every other";
    }

    private static String slowLeader(NodeNetworks networks, NodeProcess leader, List<NodeProcess> followers) {
        networks.squeeze(leader, "1mbit");
        return "leader " + leader.id() + " has 1 Mbit/s, a short queue, and losses when it is full";
    }
}
