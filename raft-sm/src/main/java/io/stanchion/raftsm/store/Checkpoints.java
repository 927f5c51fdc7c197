package io.stanchion.raftsm.store;

import io.stanchion.raftsm.cipher.Encryption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** Makes checkpoints of this node's database for other nodes to copy. Thread-safe. */
public final class Checkpoints {
    /** A cluster has few nodes, and few of them can be this far behind at a time. */
    private static final int OPEN_MAX = 4;

    private final Path directory;
    private final Semaphore places = new Semaphore(OPEN_MAX);
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, LogPosition> open = new ConcurrentHashMap<>();

    /** @param directory on the same file system as the database; what an earlier process left in it is deleted */
    Checkpoints(Path directory) throws IOException {
        this.directory = directory;
        Directories.delete(directory);
        Files.createDirectories(directory);
    }

    /** Blocks until the files are there. To be closed when they are copied, soon: meanwhile the log behind it is kept, within bounds. */
    Checkpoint create(Database database, StoreWriter writer) throws IOException {
        if (!places.tryAcquire()) {
            throw new IOException("already " + OPEN_MAX + " checkpoints are being copied");
        }
        long number = numbers.incrementAndGet();
        Path target = directory.resolve(Long.toString(number));
        try {
            LogPosition position = writer.<LogPosition>between(written -> {
                        database.checkpoint(target);
                        return written;
                    })
                    .join();
            open.put(number, position);
            return new Checkpoint(target, position, () -> forget(number));
        } catch (CompletionException e) {
            places.release();
            throw new IOException("can't make a checkpoint: " + e.getMessage(), e);
        }
    }

    private void forget(long number) {
        if (open.remove(number) != null) {
            places.release();
        }
    }

    /** The index of the oldest checkpoint that is not closed yet. */
    OptionalLong oldestOpen() {
        return open.isEmpty()
                ? OptionalLong.empty()
                : open.values().stream().mapToLong(LogPosition::index).min();
    }

    /** Opens a directory that should hold a checkpoint, and tells where it ends. */
    static LogPosition positionOf(Path checkpoint, Encryption encryption) throws IOException {
        try (Database database = Database.openReadOnly(checkpoint, encryption)) {
            return database.position();
        }
    }
}
