package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.node.admin.ClusterCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Nodes in this JVM, on loopback ports and in a temporary folder of their own. Used by one test thread. */
final class TestCluster implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration LEADER_LIMIT = Duration.ofSeconds(20);

    private final Path folder;
    private final List<TestNode> nodes;
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    private TestCluster(Path folder, int size, List<String> streamingSettings, List<String> clusterSettings) {
        this.folder = folder;
        this.nodes = plan(size, streamingSettings, clusterSettings);
    }

    /** A running cluster, with a leader. */
    static TestCluster start(int size) throws IOException {
        return start(size, List.of());
    }

    /** A running cluster whose nodes have further lines in the {@code streaming} block of their configuration. */
    static TestCluster start(int size, List<String> streamingSettings) throws IOException {
        return start(size, streamingSettings, List.of());
    }

    /** The same, with further settings in the {@code cluster} block, too. */
    static TestCluster start(int size, List<String> streamingSettings, List<String> clusterSettings)
            throws IOException {
        Path folder = Files.createTempDirectory("stanchion-it-");
        TestCluster cluster = new TestCluster(folder, size, streamingSettings, clusterSettings);
        try {
            cluster.startAll();
            cluster.awaitReady();
            return cluster;
        } catch (RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    private List<TestNode> plan(int size, List<String> streamingSettings, List<String> clusterSettings) {
        List<TestPorts> ports = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ports.add(TestPorts.free());
        }
        String peers = Stream.iterate(0, i -> i + 1)
                .limit(size)
                .map(i -> "\"" + idOf(i) + "=127.0.0.1:" + ports.get(i).peer() + "\"")
                .collect(Collectors.joining(", ", "[", "]"));
        List<TestNode> nodes = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            List<String> settings = new ArrayList<>(streamingSettings);
            if (size > 1) {
                settings.add("cluster { node_id: " + idOf(i) + ", peers: " + peers
                        + clusterSettings.stream().map(line -> ", " + line).collect(Collectors.joining()) + " }");
            }
            nodes.add(new TestNode(
                    idOf(i), clusterName(), ports.get(i), folder.resolve(idOf(i)), settings, this::onFault));
        }
        return List.copyOf(nodes);
    }

    private static String idOf(int index) {
        return String.valueOf((char) ('a' + index));
    }

    private static String clusterName() {
        return "it-cluster";
    }

    private void onFault(String what, Throwable cause) {
        faults.add(what + ": " + cause);
    }

    /** All at once: none is ready before a majority runs. */
    private void startAll() {
        CompletableFuture<?>[] starts = nodes.stream()
                .map(node -> CompletableFuture.runAsync(node::start))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(starts).join();
    }

    String clusterId() {
        return clusterName();
    }

    List<TestNode> nodes() {
        return nodes;
    }

    TestNode awaitLeader() {
        return await().atMost(LEADER_LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> nodes.stream()
                                .filter(TestNode::isLeader)
                                .findFirst()
                                .orElse(null),
                        leader -> leader != null);
    }

    /** A running node that follows. */
    TestNode awaitFollower() {
        TestNode leader = awaitLeader();
        return nodes.stream()
                .filter(node -> node != leader && node.isRunning())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody follows in a cluster of one"));
    }

    /** Ends the leader without warning, as far as that can be done inside a JVM, and returns it. */
    TestNode stopLeader() {
        TestNode leader = awaitLeader();
        leader.stopAbruptly();
        return leader;
    }

    /** As an operator does it; returns when that node leads. */
    void transfer(TestNode node) {
        int status = new CommandLine(new ClusterCommand())
                .execute("--peer", "127.0.0.1:" + node.peerPort(), "transfer", node.id());
        assertThat(status).isZero();
        await().atMost(LEADER_LIMIT).until(node::isLeader);
    }

    void restart(TestNode node) {
        node.start();
        awaitReady();
    }

    /** All running nodes are ready. */
    void awaitReady() {
        await().atMost(START_LIMIT).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            for (TestNode node : nodes) {
                if (node.isRunning() && !node.isReady()) {
                    throw new AssertionError("node " + node.id() + " is not ready: " + node.health());
                }
            }
        });
    }

    /** Client URLs of all nodes, the preferred one first. */
    List<String> urlsFrom(TestNode first) {
        List<String> urls = new ArrayList<>();
        int start = nodes.indexOf(first);
        for (int i = 0; i < nodes.size(); i++) {
            urls.add("nats://127.0.0.1:" + nodes.get((start + i) % nodes.size()).clientPort());
        }
        return urls;
    }

    /** A node that could not go on fails the test, whatever else it showed. */
    @Override
    public void close() throws IOException {
        CompletableFuture.allOf(nodes.stream()
                        .map(node -> CompletableFuture.runAsync(node::stopAbruptly, task -> new Thread(task).start()))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
        if (!faults.isEmpty()) {
            throw new AssertionError("nodes ended by themselves: " + faults);
        }
    }
}
