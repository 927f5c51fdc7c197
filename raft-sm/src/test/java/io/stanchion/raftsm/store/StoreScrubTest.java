package io.stanchion.raftsm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.model.Changes.PutRun;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.WriteBatch;

/** Whatever the database remembers, the scrub says what the disk has. */
class StoreScrubTest {
    private static final long CHANNEL = 7;
    private static final int MESSAGES = 50;
    private static final StoreSettings CACHING = new StoreSettings(0, 1 << 20, 1000, 1 << 20, 1 << 20, 50);

    @TempDir
    private Path directory;

    private final AtomicLong read = new AtomicLong();
    private Database database;
    private RunStore runs;

    @BeforeEach
    void write() throws Exception {
        database = Database.open(directory, CACHING, Encryption.off());
        runs = new RunStore(database, CACHING);
        List<PutRun> written = List.of(Runs.of(CHANNEL, 1, MESSAGES, 10));
        written.forEach(runs::add);
        try (WriteBatch batch = new WriteBatch()) {
            new ApplyBatch(written, List.of(), List.of(), new LogPosition(1, 1))
                    .writeTo(
                            batch,
                            database,
                            new Trimmer(database, runs, CACHING.trimMessages()),
                            new ApplyBatch.RunBuffer());
            database.write(batch);
        }
        runs.written(written);
        database.flush();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void scrub() throws InterruptedException {
        new StoreScrub(database, read::addAndGet).run();
    }

    private List<Path> tables() {
        return database.tables().stream()
                .map(table -> Path.of(table.path(), table.fileName()))
                .toList();
    }

    @Test
    void shouldReadAllThatIsStored() {
        assertThatCode(this::scrub).doesNotThrowAnyException();
        assertThat(read.get()).isGreaterThan(MESSAGES * 30L);
    }

    @Test
    void shouldFindOnTheDiskWhatTheDatabaseHasInItsCache() throws Exception {
        assertThat(Runs.read(runs, CHANNEL, 1, MESSAGES)).hasSize(MESSAGES);
        for (Path table : tables()) {
            flipABit(table);
        }

        assertThat(Runs.read(runs, CHANNEL, 1, MESSAGES)).hasSize(MESSAGES);
        assertThatThrownBy(this::scrub)
                .isInstanceOf(CorruptMessageException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void shouldNotMissATableThatHasBeenReplaced() throws Exception {
        for (Path table : tables()) {
            Files.delete(table);
        }
        assertThatCode(this::scrub).doesNotThrowAnyException();
    }

    private static void flipABit(Path table) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
            file.seek(40);
            int old = file.read();
            file.seek(40);
            file.write(old ^ 1);
        }
    }
}
