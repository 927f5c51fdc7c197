package io.stanchion.chaos.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A cluster, on loopback unless its nodes have networks of their own, before anything is started.
 *
 * @param streamingSettings further lines for the {@code streaming} block of each node's configuration
 * @param clusterSettings further lines for the {@code cluster} block in it
 * @param environment of each node's process
 */
public record ClusterPlan(
        String clusterId,
        Path directory,
        List<NodePlan> nodes,
        List<String> streamingSettings,
        List<String> clusterSettings,
        Map<String, String> environment) {
    private static final int PORTS_PER_NODE = 3;

    public ClusterPlan {
        nodes = List.copyOf(nodes);
        streamingSettings = List.copyOf(streamingSettings);
        clusterSettings = List.copyOf(clusterSettings);
        environment = Map.copyOf(environment);
    }

    public ClusterPlan(String clusterId, Path directory, List<NodePlan> nodes, List<String> streamingSettings) {
        this(clusterId, directory, nodes, streamingSettings, List.of(), Map.of());
    }

    /** Nodes a, b, c ... with a client port each from the list; all other ports are free ones. */
    public static ClusterPlan onPorts(Path directory, List<Integer> clientPorts) {
        List<NodePlan> nodes = new ArrayList<>();
        for (int i = 0; i < clientPorts.size(); i++) {
            String id = String.valueOf((char) ('a' + i));
            int others = freeBeside(clientPorts);
            nodes.add(new NodePlan(id, "127.0.0.1", clientPorts.get(i), others, others + 1, directory.resolve(id)));
        }
        return new ClusterPlan("demo-cluster", directory, nodes, List.of());
    }

    /** A cluster of that many nodes on free ports. */
    public static ClusterPlan ofSize(Path directory, int size) {
        int first = Ports.free(size);
        List<Integer> clientPorts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            clientPorts.add(first + i);
        }
        return onPorts(directory, clientPorts);
    }

    public ClusterPlan withStreamingSettings(String... lines) {
        return new ClusterPlan(clusterId, directory, nodes, List.of(lines), clusterSettings, environment);
    }

    public ClusterPlan withClusterSettings(String... lines) {
        return new ClusterPlan(clusterId, directory, nodes, streamingSettings, List.of(lines), environment);
    }

    public ClusterPlan withEnvironment(Map<String, String> variables) {
        return new ClusterPlan(clusterId, directory, nodes, streamingSettings, clusterSettings, variables);
    }

    /** The same nodes at other addresses, given by their names. */
    ClusterPlan at(UnaryOperator<String> addressOf) {
        List<NodePlan> moved =
                nodes.stream().map(node -> node.at(addressOf.apply(node.id()))).toList();
        return new ClusterPlan(clusterId, directory, moved, streamingSettings, clusterSettings, environment);
    }

    private static int freeBeside(List<Integer> clientPorts) {
        while (true) {
            int first = Ports.free(PORTS_PER_NODE);
            int last = first + PORTS_PER_NODE - 1;
            if (clientPorts.stream().noneMatch(port -> port >= first && port <= last)) {
                return first;
            }
        }
    }

    /** The configuration file of one node, as an operator would write it. */
    String configurationOf(NodePlan node) {
        StringBuilder text = new StringBuilder();
        text.append("listen: \"")
                .append(node.host())
                .append(':')
                .append(node.clientPort())
                .append("\"\n");
        text.append("http: \"")
                .append(node.host())
                .append(':')
                .append(node.monitorPort())
                .append("\"\n");
        text.append("streaming {\n");
        text.append("  id: ").append(clusterId).append('\n');
        text.append("  dir: \"").append(node.dataDirectory()).append("\"\n");
        streamingSettings.forEach(line -> text.append("  ").append(line).append('\n'));
        if (nodes.size() > 1) {
            String peers =
                    nodes.stream().map(peer -> '"' + peer.peer() + '"').collect(Collectors.joining(", ", "[", "]"));
            text.append("  cluster {\n    peers: ").append(peers).append('\n');
            clusterSettings.forEach(line -> text.append("    ").append(line).append('\n'));
            text.append("  }\n");
        }
        return text.append("}\n").toString();
    }
}
