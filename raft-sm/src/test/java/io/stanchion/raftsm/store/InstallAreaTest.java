package io.stanchion.raftsm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.raftsm.cipher.Encryption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash may come between any two steps of an install: each test starts from what one leaves behind. */
class InstallAreaTest {
    @TempDir
    private Path directory;

    private Path db;
    private Path install;
    private InstallArea area;

    @BeforeEach
    void prepare() throws IOException {
        db = directory.resolve("db");
        install = Files.createDirectories(directory.resolve("install"));
        area = Store.installArea(directory, Encryption.off());
    }

    /** A whole database that has seen entries up to this index. */
    private static Path write(Path target, long index) throws IOException {
        Path work = Files.createTempDirectory("stanchion-install");
        try {
            Store store = Store.open(work, StoreSettings.defaults(), Encryption.off(), fault -> {});
            store.skipped(new LogPosition(1, index));
            store.close(store.restore());
            Directories.delete(target);
            return Files.move(work.resolve("db"), target);
        } finally {
            Directories.delete(work);
        }
    }

    private long indexAfterStart() throws IOException {
        Store store = Store.open(directory, StoreSettings.defaults(), Encryption.off(), fault -> {});
        store.close();
        try (Stream<Path> left = Files.list(install)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .as("nothing is left but what may be half a copy, and where the last whole one ended")
                    .isSubsetOf("incoming", "accepted");
        }
        return store.position().index();
    }

    @Test
    void shouldReplaceTheDatabaseByAnAcceptedCheckpoint() throws IOException {
        write(db, 10);
        write(area.newIncoming(), 20);
        assertThat(area.lastAccepted()).isEqualTo(-1);
        assertThat(area.accept(new LogPosition(1, 20), 15)).isEqualTo(new LogPosition(1, 20));
        assertThat(area.lastAccepted()).isEqualTo(20);
        assertThat(indexAfterStart()).isEqualTo(20);
        assertThat(indexAfterStart()).isEqualTo(20);
    }

    @Test
    void shouldKeepTheDatabaseWhenACopyWasInterrupted() throws IOException {
        write(db, 10);
        write(area.newIncoming(), 20);
        Files.writeString(area.newIncoming().resolve("000001.sst"), "half a f");
        assertThat(indexAfterStart()).isEqualTo(10);
    }

    @Test
    void shouldFinishWhenTheDatabaseWasMovedAwayButNotReplaced() throws IOException {
        write(install.resolve("replaced"), 10);
        write(install.resolve("ready"), 20);
        assertThat(indexAfterStart()).isEqualTo(20);
    }

    @Test
    void shouldFinishWhenTheDatabaseWasReplacedButTheOldOneNotDeleted() throws IOException {
        write(db, 20);
        write(install.resolve("replaced"), 10);
        assertThat(indexAfterStart()).isEqualTo(20);
    }

    @Test
    void shouldFinishWhenAnEarlierOldDatabaseIsStillAround() throws IOException {
        write(db, 10);
        write(install.resolve("replaced"), 5);
        write(install.resolve("ready"), 20);
        assertThat(indexAfterStart()).isEqualTo(20);
    }

    @Test
    void shouldDropACheckpointThatTheDatabaseHasOvertaken() throws IOException {
        write(db, 30);
        write(install.resolve("ready"), 20);
        assertThat(indexAfterStart()).isEqualTo(30);
    }

    @Test
    void shouldStartAgainWhenACrashInterruptedTheDeletionOfAnOvertakenCheckpoint() throws IOException {
        write(db, 30);
        write(install.resolve("ready"), 20);
        assertThatThrownBy(() -> areaWithACrashInDeletion().swap()).isInstanceOf(Crash.class);
        assertThat(indexAfterStart()).isEqualTo(30);
    }

    @Test
    void shouldStartAgainWhenACrashInterruptedTheDeletionOfACheckpointThatALaterOneSupersedes() throws IOException {
        write(db, 10);
        write(install.resolve("ready"), 20);
        InstallArea crashing = areaWithACrashInDeletion();
        write(install.resolve("incoming"), 30);
        assertThatThrownBy(() -> crashing.accept(new LogPosition(1, 30), 15)).isInstanceOf(Crash.class);
        assertThat(indexAfterStart()).isEqualTo(30);
    }

    @Test
    void shouldDropWhatIsLeftOfCheckpointsAndDatabasesWhenTheDatabaseHasOvertakenTheNext() throws IOException {
        write(db, 30);
        write(install.resolve("ready"), 20);
        loseItsBeginning(write(install.resolve("dropped"), 15));
        loseItsBeginning(write(install.resolve("replaced"), 10));
        assertThat(indexAfterStart()).isEqualTo(30);
    }

    /** Dies in the middle of the first directory that it deletes. */
    private InstallArea areaWithACrashInDeletion() {
        return new InstallArea(db, install, Encryption.off(), target -> {
            if (Files.exists(target)) {
                loseItsBeginning(target);
                throw new Crash();
            }
        });
    }

    /** RocksDB can't open what is left. */
    private static void loseItsBeginning(Path target) throws IOException {
        Files.delete(target.resolve("CURRENT"));
    }

    private static final class Crash extends IOException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void shouldNotAcceptACheckpointThatEndsTooEarlyOrElsewhereThanAnnounced() throws IOException {
        write(area.newIncoming(), 20);
        assertThatThrownBy(() -> area.accept(new LogPosition(1, 20), 21)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> area.accept(new LogPosition(1, 25), 15)).isInstanceOf(IOException.class);
        assertThat(indexAfterStart()).isEqualTo(-1);
    }

    @Test
    void shouldNotAcceptHalfACheckpoint() throws IOException {
        Path incoming = area.newIncoming();
        write(incoming, 20);
        try (Stream<Path> files = Files.list(incoming)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".sst")).toList()) {
                Files.delete(file);
            }
        }
        assertThatThrownBy(() -> area.accept(new LogPosition(1, 20), 15)).isInstanceOf(IOException.class);
    }
}
