package io.stanchion.chaos.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
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
    private static final int CONTROL_BYTES = 64;

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
        plan.nodes().forEach(node -> libc.write(node, ByteBuffer.allocate(CONTROL_BYTES), 0));
        return libc;
    }

    private static Path compile(Path folder) {
        Path source = folder.resolve("lying-libc.c");
        Path library = folder.resolve("lying-libc.so");
        try (InputStream in = Objects.requireNonNull(LyingLibc.class.getResourceAsStream("lying-libc.c"))) {
            Files.createDirectories(folder);
            Files.copy(in, source);
        } catch (IOException e) {
            throw new ClusterException("cannot write " + source + ": " + e.getMessage(), e);
        }
        MachineCommand.run("gcc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl");
        return library;
    }

    Map<String, String> environmentOf(NodePlan node) {
        return Map.of(
                "LD_PRELOAD", library.toString(), "LYING_LIBC", control(node).toString());
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

    /** The truth again. */
    public void heal(NodeProcess node) {
        write(planOf(node), ByteBuffer.allocate(CONTROL_BYTES), 0);
    }

    private void set(NodeProcess node, int position, long value) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        write(planOf(node), bytes.putLong(0, value), position);
    }

    /** The library maps this file, so a write is seen at once. */
    private void write(NodePlan node, ByteBuffer bytes, long position) {
        try {
            Files.createDirectories(node.directory());
            try (FileChannel file =
                    FileChannel.open(control(node), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                file.write(bytes, position);
            }
        } catch (IOException e) {
            throw new ClusterException("cannot write " + control(node) + ": " + e.getMessage(), e);
        }
    }

    private NodePlan planOf(NodeProcess node) {
        return plan.nodes().stream()
                .filter(candidate -> candidate.id().equals(node.id()))
                .findFirst()
                .orElseThrow();
    }

    private static Path control(NodePlan node) {
        return node.directory().resolve("lies");
    }
}
