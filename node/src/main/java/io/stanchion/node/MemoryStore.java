package io.stanchion.node;

import io.stanchion.node.files.Reasons;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data directory that lasts as long as this process: in the machine's memory where there is a file system for that, else among the
 * temporary files.
 *
 * <p>Beside each directory is a file that its process holds locked. A directory whose file nobody holds belonged to a process that was
 * killed, and is deleted by the next one that starts.
 */
final class MemoryStore implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MemoryStore.class);
    private static final String PREFIX = "stanchion-memory-";
    private static final String LOCK = ".lock";
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final long ROOM_MIN_BYTES = 512L << 20;

    private final Path directory;
    private final FileChannel lockFile;

    private MemoryStore(Path directory, FileChannel lockFile) {
        this.directory = directory;
        this.lockFile = lockFile;
    }

    static MemoryStore create() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return create(hasRoom(SHARED_MEMORY) ? SHARED_MEMORY : temporary);
    }

    /** @param base of the directories of all processes of this user */
    static MemoryStore create(Path base) throws IOException {
        try {
            deleteThoseOfTheDead(base);
            while (true) {
                MemoryStore made = tryCreate(base, PREFIX + UUID.randomUUID());
                if (made != null) {
                    return made;
                }
            }
        } catch (IOException e) {
            throw new IOException(
                    "store: no directory for the memory store in " + base + ": " + Reasons.ofWriting(e), e);
        }
    }

    /** Null if another process took the new file for an old one. */
    private static @Nullable MemoryStore tryCreate(Path base, String name) throws IOException {
        Path lockPath = base.resolve(name + LOCK);
        FileChannel lockFile = FileChannel.open(lockPath, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileLock lock = lockFile.tryLock();
        if (lock == null || !Files.exists(lockPath)) {
            lockFile.close();
            return null;
        }
        Path directory = Files.createDirectory(base.resolve(name), forOwnerOnly(base));
        log.debug("memory store in {}", directory);
        return new MemoryStore(directory, lockFile);
    }

    /** Every user of the machine may look into the folders around it, and it holds what clients say. */
    private static FileAttribute<?>[] forOwnerOnly(Path base) {
        return base.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        delete(directory);
        Files.deleteIfExists(lockOf(directory));
        lockFile.close(); // last: nobody may believe meanwhile that this process is dead
    }

    private static boolean hasRoom(Path base) {
        try {
            return Files.isDirectory(base)
                    && Files.isWritable(base)
                    && Files.getFileStore(base).getUsableSpace() >= ROOM_MIN_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    private static void deleteThoseOfTheDead(Path base) throws IOException {
        List<Path> locks;
        try (Stream<Path> files = Files.list(base)) {
            locks = files.filter(file -> isLock(String.valueOf(file.getFileName())))
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.isWritable(file))
                    .toList();
        }
        for (Path lock : locks) {
            deleteIfDead(lock);
        }
    }

    private static boolean isLock(String name) {
        return name.startsWith(PREFIX) && name.endsWith(LOCK);
    }

    private static void deleteIfDead(Path lockPath) {
        try (FileChannel file = FileChannel.open(lockPath, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (tryLock(file) != null) {
                String name = String.valueOf(lockPath.getFileName());
                delete(lockPath.resolveSibling(name.substring(0, name.length() - LOCK.length())));
                Files.deleteIfExists(lockPath);
            }
        } catch (IOException e) {
            // another one is deleting it, or it belongs to somebody else: either way not ours to delete
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    private static Path lockOf(Path directory) {
        return directory.resolveSibling(directory.getFileName() + LOCK);
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
