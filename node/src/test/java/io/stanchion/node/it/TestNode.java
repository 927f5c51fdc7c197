package io.stanchion.node.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stanchion.node.NodeEvents;
import io.stanchion.node.QuarantinedException;
import io.stanchion.node.StanchionNode;
import io.stanchion.node.config.ConfigLoader;
import io.stanchion.node.config.InvalidConfigException;
import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.config.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One node of a {@link TestCluster}: built through its real constructors, asked through its real monitoring port. */
final class TestNode {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String id;
    private final TestPorts ports;
    private final String configuration;
    private final Path folder;
    private final BiConsumer<String, Throwable> faults;
    private final List<String> quarantined = new CopyOnWriteArrayList<>();
    private volatile boolean removed;
    private volatile @Nullable StanchionNode node;

    TestNode(
            String id,
            String clusterId,
            TestPorts ports,
            Path folder,
            List<String> streamingSettings,
            BiConsumer<String, Throwable> faults) {
        this.id = id;
        this.ports = ports;
        this.folder = folder;
        this.faults = faults;
        this.configuration = configuration(clusterId, streamingSettings);
    }

    private String configuration(String clusterId, List<String> streamingSettings) {
        return """
                listen: "127.0.0.1:%d"
                http: "127.0.0.1:%d"
                streaming {
                  id: %s
                  dir: "%s"
                  %s
                }
                """.formatted(
                        ports.client(),
                        ports.monitor(),
                        clusterId,
                        folder.resolve("data"),
                        String.join("\n  ", streamingSettings));
    }

    /** Returns when the node accepts clients, which is before it is ready. */
    void start() {
        start(text -> text);
    }

    /** The same, with a change to its configuration for this time. */
    void start(UnaryOperator<String> change) {
        Path file = folder.resolve("stanchion.conf");
        try {
            Files.createDirectories(folder);
            Files.writeString(file, change.apply(configuration));
            ConfigLoader.Order order = new ConfigLoader(Program.STANCHION).load("-c", file.toString());
            node = start(((ConfigLoader.Run) order).config());
        } catch (IOException | InvalidConfigException e) {
            throw new IllegalStateException("node " + id + " does not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private StanchionNode start(NodeConfig config) throws IOException, InterruptedException {
        try {
            return StanchionNode.start(config, new Events());
        } catch (QuarantinedException e) {
            quarantined.add(String.valueOf(e.getMessage()));
            return start(config);
        }
    }

    /** What a process would do about it. */
    private final class Events implements NodeEvents {
        @Override
        public void onFault(String what, Throwable cause) {
            faults.accept(what, cause);
        }

        @Override
        public void onRemoved() {
            removed = true;
        }

        @Override
        public void onRestart(String reason) {
            quarantined.add(reason);
            new Thread(() -> {
                        stopAbruptly();
                        start();
                    })
                    .start();
        }
    }

    void quarantine(String reason) {
        StanchionNode running = node;
        if (running != null) {
            running.quarantine().quarantine(reason);
        }
    }

    /** Why this node has restarted without the data it had. */
    List<String> quarantined() {
        return quarantined;
    }

    /** Whether this node has noticed that an operator has taken it out of the group. */
    boolean isRemoved() {
        return removed;
    }

    /** As a crash would, as far as that is possible inside a JVM. */
    void stopAbruptly() {
        StanchionNode stopped = node;
        node = null;
        if (stopped != null) {
            stopped.abandon();
        }
    }

    Path data() {
        return folder.resolve("data");
    }

    /** As if its disk was replaced. */
    void loseData() throws IOException {
        try (Stream<Path> all = Files.walk(data())) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    boolean isRunning() {
        return node != null;
    }

    String id() {
        return id;
    }

    int clientPort() {
        return ports.client();
    }

    int peerPort() {
        return ports.peer();
    }

    boolean isReady() {
        return health().isEmpty();
    }

    /** Why it is not ready; empty if it is. */
    String health() {
        StanchionNode running = node;
        return running == null ? "not running" : running.unfitReason();
    }

    boolean isLeader() {
        StanchionNode running = node;
        return running != null && running.isLeader();
    }

    /** Client connections that this node has open now. */
    int connections() {
        return page("/varz").path("connections").asInt(-1);
    }

    long storedMessages() {
        return page("/streaming/serverz").path("total_msgs").asLong(-1);
    }

    JsonNode page(String path) {
        try {
            return Objects.requireNonNull(JSON.readTree(get(path).body()));
        } catch (IOException e) {
            throw new IllegalStateException("node " + id + " sent something else than JSON on " + path, e);
        }
    }

    private HttpResponse<String> get(String path) {
        URI uri = URI.create("http://127.0.0.1:" + ports.monitor() + path);
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("node " + id + " does not answer on its monitoring port", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
