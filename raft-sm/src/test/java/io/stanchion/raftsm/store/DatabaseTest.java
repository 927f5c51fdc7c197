package io.stanchion.raftsm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.raftsm.cipher.Encryption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What is damage, and what is a bad moment of the machine. */
class DatabaseTest {
    private final RocksDBException busy = failure(Status.Code.IOError, "Too many open files");
    private final RocksDBException unreadable =
            failure(Status.Code.IOError, "IO error: While pread offset 0 len 4096: 000007.sst: Input/output error");
    private final RocksDBException unwritable =
            failure(Status.Code.IOError, "IO error: While fsync: 000007.sst: Input/output error");
    private final RocksDBException broken = failure(Status.Code.Corruption, "block checksum mismatch");

    @TempDir
    private Path directory;

    private static RocksDBException failure(Status.Code code, String state) {
        return new RocksDBException(state, new Status(code, Status.SubCode.None, state));
    }

    @BeforeEach
    void create() throws Exception {
        open();
    }

    private void open() throws Exception {
        try (Database database = Database.open(directory, StoreSettings.defaults(), Encryption.off())) {
            database.flush();
        }
    }

    private Path list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("MANIFEST"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void shouldNotTakeAFileThatCanNotBeOpenedNowForADamagedOne() throws Exception {
        Path list = list();
        Path kept = directory.resolve("kept");
        Files.move(list, kept);
        Files.createSymbolicLink(list, list.getFileName()); // "Too many levels of symbolic links", for root too
        assertThatThrownBy(this::open).isExactlyInstanceOf(IOException.class);

        Files.delete(list);
        Files.move(kept, list);
        open();
    }

    @Test
    void shouldFindThatTheListOfTablesIsGone() throws Exception {
        Files.delete(list());
        assertThatThrownBy(this::open).isInstanceOf(DamagedStoreException.class);
    }

    @Test
    void shouldTakeOnlyWhatIsCorruptOrNotGivenByTheDiskForDamage() {
        assertThat(ReadFailures.checked("reading", busy)).isExactlyInstanceOf(IOException.class);
        assertThat(ReadFailures.unchecked("reading", busy)).isInstanceOf(UncheckedIOException.class);
        assertThat(ReadFailures.checked("reading", broken)).isInstanceOf(DamagedStoreException.class);
        assertThat(ReadFailures.unchecked("reading", broken)).isInstanceOf(CorruptMessageException.class);
        assertThat(ReadFailures.checked("reading", unreadable)).isInstanceOf(DamagedStoreException.class);
        assertThat(ReadFailures.checked("flushing", unwritable)).isExactlyInstanceOf(IOException.class);
    }
}
