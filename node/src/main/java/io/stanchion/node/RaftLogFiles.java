package io.stanchion.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the Raft log takes on disk, read from the file system each time. */
record RaftLogFiles(Path root) {
    private static final Logger log = LoggerFactory.getLogger(RaftLogFiles.class);

    long bytes() {
        try (Stream<Path> files = Files.walk(root)) {
            return files.mapToLong(RaftLogFiles::size).sum();
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
}
