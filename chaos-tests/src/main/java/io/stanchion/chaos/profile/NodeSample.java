package io.stanchion.chaos.profile;

import io.stanchion.chaos.cluster.MachineCommand;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.history.Event;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Measures a node from outside. Where there is no {@code /proc} there is no number. */
final class NodeSample {
    private static final long PAGE_BYTES = 4096;

    /** The last line of a histogram: objects, and their bytes. */
    private static final Pattern TOTAL = Pattern.compile("^Total +\\d+ +(\\d+)", Pattern.MULTILINE);

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

    /** What the node needs of its heap, after a full collection; empty if there is no {@code jcmd}, or no node. */
    static OptionalLong heapBytes(NodeProcess node) {
        String histogram = MachineCommand.tryRun("jcmd", Long.toString(node.pid()), "GC.class_histogram")
                .orElse("");
        Matcher total = TOTAL.matcher(histogram);
        return total.find() ? OptionalLong.of(Long.parseLong(total.group(1))) : OptionalLong.empty();
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
