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
 * Real nodes with their data under one folder, in the surroundings that their cluster needs. Whatever happens to us, Ctrl-C included, the
 * processes end and the folder goes, unless {@link #keep()} was called; after a SIGKILL the next run does that.
 */
public final class ProcessCluster implements AutoCloseable {
    /** So that replicas that differ are found before the round is over, and so that comparing is tested, too. */
    private static final String COMPARE_OFTEN = "compare_interval: \"2s\"";

    /** A machine that builds something else meanwhile takes long, and that is no fault of the nodes. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final List<NodeProcess> nodes;
    private final MachineParts parts;
    private final Thread hook;
    private final AtomicBoolean kept = new AtomicBoolean();
    private final AtomicBoolean cleaned = new AtomicBoolean();
    private final ClusterPlan plan;

    public ProcessCluster(ClusterPlan plan) {
        this(MachineParts.none(plan));
    }

    private ProcessCluster(MachineParts parts) {
        this.plan = parts.plan();
        this.parts = parts;
        List<NodeProcess> created = new ArrayList<>();
        for (NodePlan node : plan.nodes()) {
            created.add(new NodeProcess(node, plan.configurationOf(node), parts.surroundingsOf(node)));
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
        return started(new ProcessCluster(plan));
    }

    private static ProcessCluster started(ProcessCluster cluster) {
        try {
            cluster.startAll();
            cluster.awaitReady(START_LIMIT);
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** A running cluster in a new temporary folder, made of what a fault needs. */
    public static ProcessCluster startFor(ClusterNeeds needs) {
        Leftovers.sweep();
        ClusterPlan plan = ClusterPlan.ofSize(newFolder(Leftovers.folderPrefix()), needs.nodes())
                .withClusterSettings(COMPARE_OFTEN);
        return started(new ProcessCluster(
                MachineParts.make(plan.withStreamingSettings(needs.settings().toArray(String[]::new)), needs)));
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

    /** What an operator does with {@code stanchion cluster}, at a node that is up. */
    public String operate(NodeProcess asked, String... command) {
        List<String> line =
                new ArrayList<>(List.of(Installation.launcher().toString(), "cluster", "--peer", asked.peerAddress()));
        line.addAll(List.of(command));
        return MachineCommand.run(line.toArray(String[]::new));
    }

    /** The links between the nodes; only in a cluster that was made with networks of its own. */
    public NodeNetworks networks() {
        return parts.networks();
    }

    /** The disks of the nodes; only in a cluster that was made with them. */
    public NodeDisks disks() {
        return parts.disks();
    }

    /** What the nodes are told about time and disk; only in a cluster that was made with a library between. */
    public LyingLibc libc() {
        return parts.libc();
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
        parts.close();
        Folders.tryDelete(plan.directory());
    }
}
