package io.stanchion.raftsm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.stanchion.raftsm.cipher.Aead;
import io.stanchion.raftsm.cipher.DataKey;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.cipher.Plaintext;
import io.stanchion.raftsm.cipher.SealException;
import io.stanchion.raftsm.command.BatchApplier;
import io.stanchion.raftsm.model.Changes;
import io.stanchion.raftsm.model.Changes.PutRun;
import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.MachineState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

class SealedStoreTest {
    private static final DataKey KEY = DataKey.derive("a passphrase", "orders", Aead.AES);
    private static final Encryption SEALED = Encryption.with(KEY);
    private static final Encryption OTHER = Encryption.with(DataKey.derive("another passphrase", "orders", Aead.AES));
    private static final int ENTRIES = 200;

    @TempDir
    private Path directory;

    private Store open(Encryption encryption) throws IOException {
        StoreSettings nothingInMemory = new StoreSettings(0, 10_000, 0, 1 << 16, 1 << 20, 100);
        return Store.open(directory, nothingInMemory, encryption, fault -> {
            throw new AssertionError(fault);
        });
    }

    private Digest write(Encryption encryption) throws IOException {
        Workload workload = new Workload(1, 0, 300);
        Store store = open(encryption);
        MachineState state = store.restore();
        while (workload.index() < ENTRIES) {
            var batch = workload.next();
            BatchApplier.apply(1, workload.index(), batch, state);
            store.applied(state, new LogPosition(1, workload.index()), batch.getSerializedSize());
        }
        store.close(state);
        return state.digest();
    }

    private static List<ByteString> messages(Store store, long channelId) {
        List<ByteString> found = new ArrayList<>();
        store.runs().read(channelId, 1, Long.MAX_VALUE, (sequence, time, record) -> found.add(record));
        return found;
    }

    private static List<ByteString> expected(String channel) {
        Workload workload = new Workload(1, 0, 300);
        while (workload.index() < ENTRIES) {
            workload.next();
        }
        return workload.published(channel);
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindEverythingAgainWithEitherCipherAfterwards(Aead aead) throws IOException {
        Digest digest = write(SEALED);
        Store store = open(Encryption.with(KEY.with(aead)));
        MachineState state = store.restore();
        assertThat(state.digest()).isEqualTo(digest);
        for (var channel : state.channels()) {
            assertThat(messages(store, channel.id())).isEqualTo(expected(channel.name()));
        }
        store.close(state);
    }

    @Test
    void shouldCountTheBytesOfARunAsIfItWereNotSealed() {
        PutRun run = Runs.of(7, 1, 5, 10);
        for (StoredForm form : List.of(new PlainForm(), new SealedForm(KEY))) {
            ByteBuffer value = ByteBuffer.allocate(form.length(run));
            form.write(run, value);
            byte[] bytes = new byte[value.remaining()];
            value.get(bytes);
            assertThat(form.header(1, bytes, bytes.length).bytes())
                    .isEqualTo(run.records().size());
            assertThat(form.read(7, 1, bytes)).isEqualTo(run);
        }
    }

    @Test
    void shouldLeaveNoNameInAnyFile() throws IOException {
        write(Encryption.off());
        assertThat(Plaintext.find(directory, "alice", "orders"))
                .as("what is found without it")
                .isNotEmpty();
        Directories.delete(directory.resolve("db"));

        write(SEALED);
        Store store = open(SEALED);
        Checkpoint checkpoint = store.newCheckpoint();
        assertThat(Plaintext.find(directory, "alice", "orders", "bills", "mail"))
                .isEmpty();
        checkpoint.close();
        store.close();
    }

    @Test
    void shouldFindAChangedByteInARun() {
        SplittableRandom random = new SplittableRandom(1);
        StoredForm form = new SealedForm(KEY);
        PutRun run = Runs.of(7, 1, 5, 10);
        ByteBuffer value = ByteBuffer.allocate(form.length(run));
        form.write(run, value);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = value.array().clone();
            int at = random.nextInt(damaged.length);
            if (at < Long.BYTES + Integer.BYTES || at >= RunValue.HEADER_LENGTH) { // between them is nothing
                damaged[at] ^= (byte) (1 << random.nextInt(8));
                assertThatThrownBy(() -> form.read(7, 1, damaged)).isInstanceOf(CorruptMessageException.class);
            }
        }
        assertThatThrownBy(() -> form.read(7, 2, value.array())).isInstanceOf(CorruptMessageException.class);
        assertThatThrownBy(() -> form.read(8, 1, value.array())).isInstanceOf(CorruptMessageException.class);
    }

    @Test
    void shouldRefuseRowsThatWereChangedOrMovedToAnotherKey() throws Exception {
        write(SEALED);
        Changes.Row session = new Changes.Row(
                Changes.Table.SESSIONS, ByteString.copyFromUtf8("alice"), ByteString.copyFromUtf8("not a record"));
        StoredForm form = new SealedForm(KEY);
        byte[] key = form.key(session.table(), session.key());
        byte[] elsewhere = form.key(session.table(), ByteString.copyFromUtf8("bob"));
        byte[] value = form.value(session.table(), elsewhere, session.key(), session.value());

        overwrite(session.table(), key, value);
        assertThatThrownBy(() -> open(SEALED))
                .isInstanceOf(SealException.class)
                .hasMessage("a row of SESSIONS is damaged, or not where it belongs");
    }

    private void overwrite(Changes.Table table, byte[] key, byte[] value) throws IOException, RocksDBException {
        Database database = Database.open(directory.resolve("db"), StoreSettings.defaults(), SEALED);
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(database.family(table), key, value);
            database.write(batch);
            database.flush();
        } finally {
            database.close();
        }
    }

    @Test
    void shouldRefuseAnotherKeyAndNoKeyAndLeaveTheDataAsItIs() throws IOException {
        Digest digest = write(SEALED);
        assertThatThrownBy(() -> open(OTHER))
                .isInstanceOf(SealException.class)
                .hasMessageContaining("is encrypted with another key than this node's");
        assertThatThrownBy(() -> open(Encryption.off()))
                .isInstanceOf(SealException.class)
                .hasMessageContaining("is encrypted: encryption key required");
        Store store = open(SEALED);
        assertThat(store.restore().digest()).isEqualTo(digest);
        store.close();
    }

    @Test
    void shouldNotEncryptADatabaseThatIsNot() throws IOException {
        write(Encryption.off());
        assertThatThrownBy(() -> open(SEALED))
                .isInstanceOf(SealException.class)
                .hasMessageContaining("is not encrypted, but this node encrypts");
    }

    @Test
    void shouldNotAcceptACheckpointOfAnotherKey() throws IOException {
        write(OTHER);
        InstallArea area = new InstallArea(directory.resolve("none"), directory.resolve("install"), SEALED);
        Directories.delete(area.newIncoming());
        Files.move(directory.resolve("db"), directory.resolve("install").resolve("incoming"));
        assertThatThrownBy(() -> area.accept(new LogPosition(1, ENTRIES), 1))
                .isInstanceOf(SealException.class)
                .hasMessageContaining("is encrypted with another key than this node's");
    }
}
