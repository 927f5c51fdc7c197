package io.stanchion.raftsm.store;

import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.cipher.SealException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a pulled checkpoint waits to replace the database.
 *
 * <p>{@code install/accepted} holds the index at which the last one ended, which tells a database that is rightly ahead of its log from one
 * whose log has lost its end.
 *
 * <p>{@code install/incoming} is being copied and worth nothing. The rename to {@code install/ready} is the one moment of decision: from
 * then on the checkpoint will be the database, now or at the next start, unless the database has overtaken it. Every step after it can be
 * repeated. So whatever has the name {@code ready} is whole: one that is not wanted any more is renamed before it is deleted, because a
 * crash in the midst of that would leave a directory that can't be opened, at any start.
 */
public final class InstallArea {
    private static final Logger log = LoggerFactory.getLogger(InstallArea.class);

    private final Path database;
    private final Path directory;
    private final Path incoming;
    private final Path ready;
    private final Path replaced;
    private final Path dropped;
    private final Path accepted;
    private final Encryption encryption;
    private final Deletion deletion;

    /** Removes a directory file by file, so a crash may leave any part of it. */
    @FunctionalInterface
    interface Deletion {
        void delete(Path directory) throws IOException;
    }

    InstallArea(Path database, Path directory, Encryption encryption) {
        this(database, directory, encryption, Directories::delete);
    }

    InstallArea(Path database, Path directory, Encryption encryption, Deletion deletion) {
        this.encryption = encryption;
        this.database = database;
        this.deletion = deletion;
        this.directory = directory;
        incoming = directory.resolve("incoming");
        ready = directory.resolve("ready");
        replaced = directory.resolve("replaced");
        dropped = directory.resolve("dropped");
        accepted = directory.resolve("accepted");
    }

    /** An empty directory to pull into. */
    public Path newIncoming() throws IOException {
        deletion.delete(incoming);
        return Files.createDirectories(incoming);
    }

    /**
     * Makes the pulled checkpoint durable, looks whether it can be used, and decides for it.
     *
     * @throws SealException if it is encrypted with another key than this node has, or is not encrypted and should be
     */
    public LogPosition accept(LogPosition announced, long atLeastIndex) throws IOException {
        LogPosition found = Checkpoints.positionOf(incoming, encryption);
        if (!found.equals(announced) || found.index() < atLeastIndex) {
            throw new IOException("the checkpoint ends at " + found + "; announced was " + announced
                    + ", needed at least " + atLeastIndex);
        }
        Directories.sync(incoming);
        Files.writeString(accepted, Long.toString(found.index()));
        Directories.syncOne(accepted);
        drop();
        Files.move(incoming, ready, StandardCopyOption.ATOMIC_MOVE);
        Directories.syncOne(directory);
        deletion.delete(dropped);
        return found;
    }

    /** Where the last accepted checkpoint ended; -1 if there was none, or nobody knows. */
    public long lastAccepted() {
        try {
            return Long.parseLong(Files.readString(accepted));
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }

    /** Puts an accepted checkpoint in the place of the database, which must not be open. Goes on where a crash interrupted it. */
    void swap() throws IOException {
        if (Files.exists(ready)) {
            if (isOvertaken()) {
                drop();
                Directories.syncOne(directory);
            } else {
                install();
            }
        }
        deletion.delete(replaced);
        deletion.delete(dropped);
    }

    private boolean isOvertaken() throws IOException {
        if (!Files.exists(database)) {
            return false;
        }
        LogPosition current = Checkpoints.positionOf(database, encryption);
        LogPosition offered = Checkpoints.positionOf(ready, encryption);
        if (current.index() < offered.index()) {
            return false;
        }
        log.info("dropped a checkpoint at index {}: the database is at {}", offered.index(), current.index());
        return true;
    }

    /** What is ready is not any more. Its files are to be deleted once the directory is synced: the new name must be on disk first. */
    private void drop() throws IOException {
        if (Files.exists(ready)) {
            deletion.delete(dropped);
            Files.move(ready, dropped, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void install() throws IOException {
        if (Files.exists(database)) {
            deletion.delete(replaced);
            Files.move(database, replaced, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(ready, database, StandardCopyOption.ATOMIC_MOVE);
        Directories.syncOne(directory.resolve(".."));
        Directories.syncOne(directory);
    }
}
