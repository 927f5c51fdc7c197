package io.stanchion.raftsm.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the database at one position, made of hard links. Its files never change. Closing it deletes them. */
public final class Checkpoint implements AutoCloseable {
    private final Path directory;
    private final LogPosition position;
    private final Runnable onClose;

    Checkpoint(Path directory, LogPosition position, Runnable onClose) {
        this.directory = directory;
        this.position = position;
        this.onClose = onClose;
    }

    public Path directory() {
        return directory;
    }

    /** The last entry that it holds the effects of. */
    public LogPosition position() {
        return position;
    }

    /** All its files; there are no subdirectories. */
    public List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @Override
    public void close() throws IOException {
        onClose.run();
        Directories.delete(directory);
    }
}
