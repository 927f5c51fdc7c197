package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Whom a fault meets. */
enum Victims {
    LEADER("leader"),
    FOLLOWER("follower"),
    ANY("any"),
    MAJORITY("majority"),
    ALL("all");

    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(30);

    private final String label;

    Victims(String label) {
        this.label = label;
    }

    /** The word for it in the name of a nemesis. */
    String label() {
        return label;
    }

    Promise promise() {
        return this == LEADER || this == FOLLOWER || this == ANY ? Promise.SHORT : Promise.LONG;
    }

    List<NodeProcess> choose(ProcessCluster cluster, RandomGenerator random) {
        return switch (this) {
            case LEADER -> List.of(cluster.awaitLeader(LEADER_PATIENCE));
            case FOLLOWER -> some(cluster.followersOf(cluster.awaitLeader(LEADER_PATIENCE)), 1, random);
            case ANY -> some(cluster.nodes(), 1, random);
            case MAJORITY -> some(cluster.nodes(), cluster.nodes().size() / 2 + 1, random);
            case ALL -> some(cluster.nodes(), cluster.nodes().size(), random);
        };
    }

    static String names(List<NodeProcess> nodes) {
        return nodes.stream().map(NodeProcess::id).collect(Collectors.joining(", "));
    }

    /** That many of them, in a drawn order. */
    static List<NodeProcess> some(List<NodeProcess> nodes, int count, RandomGenerator random) {
        List<NodeProcess> left = new ArrayList<>(nodes);
        List<NodeProcess> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(left.remove(random.nextInt(left.size())));
        }
        return List.copyOf(chosen);
    }
}
