package io.stanchion.raftsm.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories as a whole. */
final class Directories {
    private Directories() {}

    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            for (Path path : walk(directory).sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Files and the entries of all directories are on disk when this returns. */
    static void sync(Path directory) throws IOException {
        for (Path path : walk(directory).toList()) {
            syncOne(path);
        }
    }

    static void syncOne(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Stream<Path> walk(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.toList();
        }
        return paths.stream();
    }
}
