package io.stanchion.node.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk of the data directory has room. It is short below one mark, and has room again above a higher one, so that what is
 * freed by refusing does not at once let everything in again. {@link #look} is for one thread, the rest for any.
 */
public final class DiskSpace {
    private static final Logger log = LoggerFactory.getLogger(DiskSpace.class);

    /** A small disk is not nearly full when it is empty. */
    private static final int SHARE_MAX = 20;

    private final Path directory;
    private final long lowBytes;
    private final LongSupplier usable;
    private volatile long freeBytes = Long.MAX_VALUE;
    private volatile boolean isShort;

    /** @param lowBytes a twentieth of the disk if that is less; 0 to be never short */
    public DiskSpace(Path directory, long lowBytes) {
        this(directory, Math.min(lowBytes, total(directory) / SHARE_MAX), () -> usable(directory));
    }

    DiskSpace(Path directory, long lowBytes, LongSupplier usable) {
        this.directory = directory;
        this.lowBytes = lowBytes;
        this.usable = usable;
    }

    private static long total(Path directory) {
        try {
            return Files.getFileStore(directory).getTotalSpace();
        } catch (IOException e) {
            log.debug("the size of the disk is not known", e);
            return Long.MAX_VALUE;
        }
    }

    private static long usable(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            log.debug("the free space is not known", e);
            return Long.MAX_VALUE; // whoever writes will find out
        }
    }

    /** Measures. Returns whether it has just become short. */
    public boolean look() {
        freeBytes = usable.getAsLong();
        boolean was = isShort;
        isShort = freeBytes < (was ? resumeBytes() : lowBytes);
        if (isShort && !was) {
            log.warn(
                    "the disk of {} is nearly full: {} MB are free, disk_free_min is {} MB; free some, or let limits delete"
                            + " messages",
                    directory,
                    freeBytes >> 20,
                    lowBytes >> 20);
        } else if (was && !isShort) {
            log.info("the disk of {} has room again: {} MB are free", directory, freeBytes >> 20);
        }
        return isShort && !was;
    }

    private long resumeBytes() {
        return lowBytes + lowBytes / 2;
    }

    public boolean isShort() {
        return isShort;
    }

    /** At the last look; very much before the first. */
    public long freeBytes() {
        return freeBytes;
    }
}
