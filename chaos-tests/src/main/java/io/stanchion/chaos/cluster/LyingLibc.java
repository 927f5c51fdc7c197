package io.stanchion.chaos.cluster;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A library between the nodes and libc that can lie about the time of day and about the disk. It is compiled when it is needed, and each
 * node's copy obeys a small file that we write. The kernel has no name space for the time of day, and not every one can delay or fail a
 * disk; libc is the same everywhere.
 */
public final class LyingLibc {
    private static final int CLOCK_OFFSET = 0;
    private static final int CLOCK_DRIFT = 8;
    private static final int CLOCK_DRIFT_START = 16;
    private static final int SYNC_DELAY = 24;
    private static final int SYNC_FAILURES = 32;

    private final ClusterPlan plan;
    private final Path library;

    private LyingLibc(ClusterPlan plan, Path library) {
        this.plan = plan;
        this.library = library;
    }

    /** Why this machine cannot have it; found by compiling it and running something with it. */
    public static Optional<String> obstacle() {
        Path folder = ProcessCluster.newFolder(Leftovers.folderPrefix());
        try {
            Path library = compile(folder);
            return MachineCommand.objection("env", "LD_PRELOAD=" + library, "true")
                    .map(words -> "no library before libc: " + words);
        } catch (ClusterException e) {
            return Optional.of("no library before libc: " + e.getMessage());
        } finally {
            Folders.tryDelete(folder);
        }
    }

    static LyingLibc create(ClusterPlan plan) {
        LyingLibc libc = new LyingLibc(plan, compile(plan.directory()));
        plan.nodes().forEach(node -> control(node).clear());
        return libc;
    }

    private static Path compile(Path folder) {
        return Gcc.compile(folder, "lying-libc.c", "lying-libc.so", "-shared", "-fPIC");
    }

    Map<String, String> environmentOf(NodePlan node) {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "LYING_LIBC",
                control(node).path().toString());
    }

    /** The node's time of day is wrong by that much from now on. */
    public void setClock(NodeProcess node, long offsetMillis) {
        set(node, CLOCK_OFFSET, offsetMillis * 1_000_000);
    }

    /** From now on the node's time of day runs faster by that many parts of a million, or slower if negative. */
    public void setDrift(NodeProcess node, long partsPerMillion) {
        set(node, CLOCK_DRIFT_START, System.currentTimeMillis() * 1_000_000);
        set(node, CLOCK_DRIFT, partsPerMillion);
    }

    /** Each fsync takes that much longer. */
    public void setSyncDelay(NodeProcess node, long millis) {
        set(node, SYNC_DELAY, millis * 1_000);
    }

    /** That many fsyncs fail with EIO, and the ones after them succeed. */
    public void failSyncs(NodeProcess node, long count) {
        set(node, SYNC_FAILURES, count);
    }

    /** How many fsyncs are still to fail. */
    public long syncsToFail(NodeProcess node) {
        return control(planOf(node)).get(SYNC_FAILURES);
    }

    /** The truth again. */
    public void heal(NodeProcess node) {
        control(planOf(node)).clear();
    }

    private void set(NodeProcess node, int position, long value) {
        control(planOf(node)).set(position, value);
    }

    private NodePlan planOf(NodeProcess node) {
        return plan.nodes().stream()
                .filter(candidate -> candidate.id().equals(node.id()))
                .findFirst()
                .orElseThrow();
    }

    private static ControlFile control(NodePlan node) {
        return new ControlFile(node.directory().resolve("lies"));
    }
}
