package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is damage to the log, and what is a bad moment of the machine. */
class LogCheckTest {
    /** Linux reports EIO for a read at its beginning, as a disk does for a sector that has gone bad. */
    private static final Path UNREADABLE = Path.of("/proc/self/mem");

    @TempDir
    private Path raft;

    private Path current;

    @BeforeEach
    void createLog() throws Exception {
        current = Files.createDirectories(raft.resolve("group").resolve("current"));
        Files.writeString(current.resolve("raft-meta"), "term=1\nvotedFor=a\n");
    }

    private void makeUnreadable(String file) throws Exception {
        assumeThat(UNREADABLE).isReadable();
        Files.deleteIfExists(current.resolve(file));
        Files.createSymbolicLink(current.resolve(file), UNREADABLE);
    }

    @Test
    void shouldTakeABadSectorInASegmentForDamage() throws Exception {
        makeUnreadable("log_inprogress_0");

        assertThatThrownBy(() -> LogCheck.read(raft))
                .isInstanceOf(DamagedDataException.class)
                .hasMessageContaining("log_inprogress_0 can't be read from the disk: Input/output error");
    }

    @Test
    void shouldTakeABadSectorUnderItsVoteForDamage() throws Exception {
        makeUnreadable("raft-meta");

        assertThatThrownBy(() -> LogCheck.read(raft)).isInstanceOf(DamagedDataException.class);
    }

    @Test
    void shouldTakeABadSectorUnderTheMembersForDamage() throws Exception {
        makeUnreadable("raft-meta.conf");

        assertThatThrownBy(() -> LogCheck.read(raft)).isInstanceOf(DamagedDataException.class);
    }

    @Test
    void shouldNotTakeAFileThatCanNotBeOpenedNowForADamagedOne() throws Exception {
        Path segment = current.resolve("log_inprogress_0");
        Files.createSymbolicLink(segment, segment.getFileName()); // "Too many levels of symbolic links", for root too

        assertThatThrownBy(() -> LogCheck.read(raft)).isInstanceOf(FileSystemException.class);
    }
}
