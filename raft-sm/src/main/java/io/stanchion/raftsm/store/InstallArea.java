package io.stanchion.raftsm.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a pulled checkpoint waits to replace the database.
 *
 * <p>{@code install/incoming} is being copied and worth nothing. The rename to {@code install/ready} is the one moment of decision: from
 * then on the checkpoint will be the database, now or at the next start, unless the database has overtaken it. Every step after it can be
 * repeated.
 */
public final class InstallArea {
    private static final Logger log = LoggerFactory.getLogger(InstallArea.class);

    private final Path database;
    private final Path directory;
    private final Path incoming;
    private final Path ready;
    private final Path replaced;

    InstallArea(Path database, Path directory) {
        this.database = database;
        this.directory = directory;
        incoming = directory.resolve("incoming");
        ready = directory.resolve("ready");
        replaced = directory.resolve("replaced");
    }

    /** An empty directory to pull into. */
    public Path newIncoming() throws IOException {
        Directories.delete(incoming);
        return Files.createDirectories(incoming);
    }

    /** Makes the pulled checkpoint durable, looks whether it can be used, and decides for it. */
    public LogPosition accept(LogPosition announced, long atLeastIndex) throws IOException {
        LogPosition found = Checkpoints.positionOf(incoming);
        if (!found.equals(announced) || found.index() < atLeastIndex) {
            throw new IOException("the checkpoint ends at " + found + "; announced was " + announced
                    + ", needed at least " + atLeastIndex);
        }
        Directories.sync(incoming);
        Directories.delete(ready);
        Files.move(incoming, ready, StandardCopyOption.ATOMIC_MOVE);
        Directories.syncOne(directory);
        return found;
    }

    /** Puts an accepted checkpoint in the place of the database, which must not be open. Goes on where a crash interrupted it. */
    void swap() throws IOException {
        if (Files.exists(ready)) {
            if (Files.exists(database)) {
                LogPosition current = Checkpoints.positionOf(database);
                LogPosition offered = Checkpoints.positionOf(ready);
                if (current.index() >= offered.index()) {
                    log.info(
                            "dropped a checkpoint at index {}: the database is at {}",
                            offered.index(),
                            current.index());
                    Directories.delete(ready);
                    return;
                }
                Directories.delete(replaced);
                Files.move(database, replaced, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(ready, database, StandardCopyOption.ATOMIC_MOVE);
            Directories.syncOne(directory.resolve(".."));
            Directories.syncOne(directory);
        }
        Directories.delete(replaced);
    }
}
