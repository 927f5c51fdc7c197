package io.stanchion.chaos.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Wires that we carry frame by frame ourselves, so that some can get lost, late or few: a small program for each node, between a tap in
 * the node's name space and one outside. Not every kernel has an emulator of bad networks.
 */
final class RoughWires implements AutoCloseable {
    private static final int DELAY = 0;
    private static final int JITTER = 8;
    private static final int LOSS = 16;
    private static final int RATE = 24;

    private final Path folder;
    private final Path program;
    private final Map<String, Process> carriers = new ConcurrentHashMap<>();

    /** @param folder for the program and what it is told */
    RoughWires(Path folder) {
        this.folder = folder;
        program = Gcc.compile(folder, "rough-wire.c", "rough-wire");
    }

    /** Why this machine cannot have them; found by making one. */
    static Optional<String> obstacle() {
        Path folder = ProcessCluster.newFolder(Leftovers.folderPrefix());
        try (NodeNetworks tried = NodeNetworks.createRough(List.of("a"), folder)) {
            tried.roughen("a", new NodeNetworks.Roughness(1, 1, 1, 1_000_000));
            return Optional.empty();
        } catch (ClusterException e) {
            return Optional.of("no wires of our own: " + e.getMessage());
        } finally {
            Folders.tryDelete(folder);
        }
    }

    /** Both ends are there when this returns; they vanish with the program. */
    void string(String id, String space, String outside, String inside) {
        control(id).clear();
        try {
            Process carrier = new ProcessBuilder(
                            program.toString(),
                            space,
                            outside,
                            inside,
                            control(id).path().toString())
                    .redirectErrorStream(true)
                    .start();
            carriers.put(id, carrier);
            String said = new BufferedReader(new InputStreamReader(carrier.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            if (!"ready".equals(said)) {
                throw new ClusterException("the wire of " + id + " says: " + said);
            }
        } catch (IOException e) {
            throw new ClusterException("cannot run " + program + ": " + e.getMessage(), e);
        }
    }

    void roughen(String id, NodeNetworks.Roughness how) {
        control(id).set(DELAY, how.delayMillis() * 1_000);
        control(id).set(JITTER, how.jitterMillis() * 1_000);
        control(id).set(LOSS, how.lostPerThousand() * 1_000);
        control(id).set(RATE, how.bytesPerSecond());
    }

    void heal(String id) {
        control(id).clear();
    }

    private ControlFile control(String id) {
        return new ControlFile(folder.resolve("wire-" + id));
    }

    @Override
    public void close() {
        carriers.values().forEach(Process::destroyForcibly);
    }
}
