package io.stanchion.node.peer;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Three nodes in one JVM. */
final class MeshCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long QUEUED_BYTES_MAX = 64L << 20;
    private final List<PeerAddress> addresses =
            List.of(MeshNode.newAddress("a"), MeshNode.newAddress("b"), MeshNode.newAddress("c"));
    private final Map<String, MeshNode> running = new TreeMap<>();
    private final Map<String, Received> barriers = new TreeMap<>();
    private long processes;
    private int settled;

    MeshNode start(String nodeId) throws IOException {
        PeerAddress self = addresses.stream()
                .filter(address -> address.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow();
        MeshNode node = new MeshNode(self, addresses, ++processes, QUEUED_BYTES_MAX);
        running.put(nodeId, node);
        barriers.put(nodeId, node.subscribe("barrier." + nodeId));
        return node;
    }

    void stop(MeshNode node) {
        running.remove(node.nodeId);
        node.close();
    }

    /** Every node knows the interest of every other. */
    void awaitComplete() {
        running.values().forEach(node -> awaitThat(node.mesh::isComplete));
    }

    /** Everything said so far between any two nodes, interest and messages, has arrived: it all travels in one queue. */
    void settle() {
        settled++;
        for (String to : running.keySet()) {
            List<String> expected = running.values().stream()
                    .filter(from -> !from.nodeId.equals(to))
                    .map(from -> "barrier " + settled + " from " + from.nodeId)
                    .toList();
            for (MeshNode from : running.values()) {
                if (!from.nodeId.equals(to)) {
                    from.publish("barrier." + to, "barrier " + settled + " from " + from.nodeId);
                }
            }
            Received barrier = barriers.get(to);
            awaitThat(() -> barrier.texts().containsAll(expected));
        }
    }

    static void awaitThat(Callable<Boolean> condition) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition);
    }

    @Override
    public void close() {
        running.values().forEach(MeshNode::close);
    }
}
