package io.stanchion.chaos.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What is asked of folders of nodes, running ones too. */
public final class Folders {
    private Folders() {}

    /** Deletes a folder with all that is in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Copies a folder with all that is in it. */
    public static void copy(Path folder, Path target) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted().toList()) {
                Files.copy(path, target.resolve(folder.relativize(path)));
            }
        }
    }

    public static void move(Path folder, Path target) throws IOException {
        Files.move(folder, target);
    }

    /** The files below a folder, in an order that does not depend on the file system; none if there is no such folder. */
    public static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // its owner changes it at this moment
        }
    }

    /** Deletes a folder as far as that goes. A temporary folder that stays behind harms nobody, and at exit there is nobody left to tell. */
    static void tryDelete(Path folder) {
        try {
            delete(folder);
        } catch (IOException e) {
            return;
        }
    }

    /** The files below a folder whose names begin so. */
    public static List<Path> find(Path folder, String prefix) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }
}
