package io.stanchion.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the data directory takes and what it leaves, read from the file system each time. */
record DiskFacts(Path root, Path raft) {
    private static final Logger log = LoggerFactory.getLogger(DiskFacts.class);

    long raftLogBytes() {
        try (Stream<Path> files = Files.walk(raft)) {
            return files.mapToLong(DiskFacts::size).sum();
        } catch (IOException | RuntimeException e) {
            log.debug("cannot measure the Raft log", e); // a file that was purged meanwhile
            return 0;
        }
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0; // purged since it was listed
        }
    }

    long freeBytes() {
        try {
            return Files.getFileStore(root).getUsableSpace();
        } catch (IOException e) {
            log.debug("cannot ask the file system", e);
            return 0;
        }
    }
}
