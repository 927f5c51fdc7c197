package io.stanchion.chaos.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Real nodes on loopback with their data under one folder. Whatever happens to us, Ctrl-C included, the processes end and the folder
 * goes, unless {@link #keep()} was called.
 */
public final class ProcessCluster implements AutoCloseable {
    private final ClusterPlan plan;
    private final List<NodeProcess> nodes;
    private final Thread hook;
    private final AtomicBoolean kept = new AtomicBoolean();
    private final AtomicBoolean cleaned = new AtomicBoolean();

    public ProcessCluster(ClusterPlan plan) {
        this.plan = plan;
        List<NodeProcess> created = new ArrayList<>();
        for (NodePlan node : plan.nodes()) {
            created.add(new NodeProcess(node, plan.configurationOf(node)));
        }
        nodes = List.copyOf(created);
        hook = new Thread(this::cleanUp, "cluster-clean-up");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** A running cluster in a new temporary folder. */
    public static ProcessCluster startOfSize(int size) {
        return start(ClusterPlan.ofSize(newFolder("stanchion-test-"), size));
    }

    /** Starts the planned nodes and waits until all are ready. */
    public static ProcessCluster start(ClusterPlan plan) {
        ProcessCluster cluster = new ProcessCluster(plan);
        try {
            cluster.startAll();
            cluster.awaitReady(Duration.ofSeconds(60));
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** A running cluster in a new temporary folder, made of what a fault needs. */
    public static ProcessCluster startFor(ClusterNeeds needs, String... streamingSettings) {
        ClusterPlan plan = ClusterPlan.ofSize(newFolder("stanchion-chaos-"), needs.nodes());
        return start(plan.withStreamingSettings(streamingSettings));
    }

    public static Path newFolder(String prefix) {
        try {
            return Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new ClusterException("cannot make a temporary folder: " + e.getMessage(), e);
        }
    }

    public void startAll() {
        nodes.forEach(NodeProcess::start);
    }

    public void awaitReady(Duration limit) {
        nodes.forEach(node -> node.awaitReady(limit));
    }

    public List<NodeProcess> nodes() {
        return nodes;
    }

    public NodeProcess node(String id) {
        return nodes.stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no node " + id));
    }

    /** The living node that says it leads, or null while there is none. */
    public @Nullable NodeProcess tryLeader() {
        for (NodeProcess node : nodes) {
            if (node.isAlive() && node.monitor().isLeader()) {
                return node;
            }
        }
        return null;
    }

    public NodeProcess awaitLeader(Duration limit) {
        AtomicReference<@Nullable NodeProcess> found = new AtomicReference<>();
        Await.until("no node became leader", limit, () -> {
            found.set(tryLeader());
            return found.get() != null;
        });
        return Objects.requireNonNull(found.get());
    }

    public List<NodeProcess> followersOf(NodeProcess leader) {
        return nodes.stream().filter(node -> node != leader).toList();
    }

    /** Client URLs of all nodes, starting with the given one: a client prefers it and fails over to the others. */
    public List<String> urlsFrom(NodeProcess first) {
        List<String> urls = new ArrayList<>();
        int start = nodes.indexOf(first);
        for (int i = 0; i < nodes.size(); i++) {
            urls.add(nodes.get((start + i) % nodes.size()).clientUrl());
        }
        return urls;
    }

    public String clusterId() {
        return plan.clusterId();
    }

    public Path directory() {
        return plan.directory();
    }

    /** From now on the processes and the folder outlive us. */
    public void keep() {
        kept.set(true);
    }

    @Override
    public void close() {
        cleanUp();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is already going down, and the hook finds nothing left to do.
            return;
        }
    }

    private void cleanUp() {
        if (kept.get() || !cleaned.compareAndSet(false, true)) {
            return;
        }
        nodes.forEach(NodeProcess::kill);
        delete(plan.directory());
    }

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            // A temporary folder that stays behind harms nobody, and at exit there is nobody left to tell.
            return;
        }
    }
}
