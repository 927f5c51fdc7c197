package io.stanchion.chaos.profile;

import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.history.Event;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Measures a node from outside. Where there is no {@code /proc} there is no number. */
final class NodeSample {
    private static final long PAGE_BYTES = 4096;

    private NodeSample() {}

    static Event take(Event empty, NodeProcess node) {
        Path process = Path.of("/proc", Long.toString(node.pid()));
        return empty.on("", node.id())
                .message((int) Event.NONE, descriptors(process.resolve("fd")))
                .stored(resident(process.resolve("statm")), diskBytes(node.dataDirectory()), false);
    }

    private static long descriptors(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        } catch (IOException | UncheckedIOException e) {
            return Event.NONE;
        }
    }

    private static long resident(Path statm) {
        try {
            return Long.parseLong(Files.readString(statm).split(" ", -1)[1]) * PAGE_BYTES;
        } catch (IOException e) {
            return Event.NONE;
        }
    }

    private static long diskBytes(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return Event.NONE; // a file went away while we looked
        }
    }
}
