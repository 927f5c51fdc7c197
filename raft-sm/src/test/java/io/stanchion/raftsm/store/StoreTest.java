package io.stanchion.raftsm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.stanchion.proto.command.AppendProto;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ConfigureProto;
import io.stanchion.proto.command.DeleteChannelProto;
import io.stanchion.proto.command.OpenSessionProto;
import io.stanchion.proto.command.PublisherProto;
import io.stanchion.proto.command.SettingsProto;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.command.BatchApplier;
import io.stanchion.raftsm.model.Changes;
import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.MachineState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.WriteBatch;

class StoreTest {
    private static final StoreSettings SMALL = new StoreSettings(4000, 10_000, 1000, 1 << 16, 1 << 20, 100);
    private static final int MESSAGES_MAX = 200;

    @TempDir
    private Path directory;

    /** A store and the machine behind it, driven as the apply thread does. */
    private static final class Driven implements AutoCloseable {
        private final Store store;
        private final MachineState state;

        Driven(Path directory) throws IOException {
            store = Store.open(directory, SMALL, Encryption.off(), fault -> {
                throw new AssertionError(fault);
            });
            state = store.restore();
        }

        void apply(long index, Batch batch) {
            apply(index, batch, batch.getSerializedSize());
        }

        void apply(long index, Batch batch, int entryBytes) {
            BatchApplier.apply(1, index, batch, state);
            store.applied(state, new LogPosition(1, index), entryBytes);
        }

        long index() {
            return store.position().index();
        }

        /** All messages of all channels, as a reader finds them. */
        Map<String, List<ByteString>> messages() throws IOException {
            store.flush(state);
            Map<String, List<ByteString>> found = new TreeMap<>();
            for (Channel channel : state.channels()) {
                List<ByteString> messages = new ArrayList<>();
                store.runs().read(channel.id(), 1, Long.MAX_VALUE, (sequence, time, record) -> messages.add(record));
                found.put(channel.name(), messages);
            }
            return found;
        }

        @Override
        public void close() throws IOException {
            store.close(state);
        }
    }

    private static Map<String, List<ByteString>> expected(Workload workload) {
        Map<String, List<ByteString>> expected = new TreeMap<>();
        for (String channel : Workload.CHANNELS) {
            List<ByteString> all = workload.published(channel);
            if (!all.isEmpty()) {
                expected.put(channel, all.subList(Math.max(0, all.size() - MESSAGES_MAX), all.size()));
            }
        }
        return expected;
    }

    @Test
    void shouldFindEverythingAgainAfterAStop() throws IOException {
        Workload workload = new Workload(1, MESSAGES_MAX, 300);
        Digest digest;
        try (Driven driven = new Driven(directory)) {
            while (workload.index() < 300) {
                Batch batch = workload.next();
                driven.apply(workload.index(), batch);
            }
            digest = driven.state.digest();
            assertThat(driven.messages()).isEqualTo(expected(workload));
        }
        try (Driven driven = new Driven(directory)) {
            assertThat(driven.store.position()).isEqualTo(new LogPosition(1, 300));
            assertThat(driven.state.digest()).isEqualTo(digest);
            assertThat(driven.messages()).isEqualTo(expected(workload));
        }
    }

    /** Whether the old channel is written, flushed or only in memory by the time, and whatever is lost with a crash. */
    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "false,true", "true,true"})
    void shouldNeverShowADeletedChannelUnderTheNameOfItsSuccessor(boolean flushes, boolean crashes) throws IOException {
        List<Batch> log = new ArrayList<>();
        log.add(configure());
        for (int number = 2; number < 60; number++) {
            log.add(publish(number, Runs.records(List.of(Runs.message(1, number)))));
        }
        log.add(command(60, 1_000_000, delete("orders", 1)));
        log.add(publish(61, Runs.records(List.of(Runs.message(1, 99)))));
        Driven first = new Driven(directory);
        for (int i = 0; i < log.size(); i++) {
            first.apply(i + 1, log.get(i));
            if (flushes && i % 20 == 19) {
                first.store.flush(first.state);
            }
        }
        if (crashes) {
            first.store.close();
        } else {
            first.close();
        }
        try (Driven driven = new Driven(directory)) {
            for (int i = (int) driven.index(); i < log.size(); i++) {
                driven.apply(i + 1, log.get(i));
            }
            assertThat(driven.messages()).isEqualTo(Map.of("orders", List.of(Runs.message(1, 99))));
            assertThat(driven.state.channels()).extracting(Channel::id).containsExactly(2L);
            assertThat(driven.state.totals().messages()).isEqualTo(1);
        }
        try (Database database = Database.open(directory.resolve("db"), SMALL, Encryption.off());
                RunCursor old = database.cursor(1, 0)) {
            assertThat(old.seek(0)).as("a run of the old channel").isFalse();
        }
    }

    private static Batch configure() {
        return command(
                1,
                1_000,
                CommandProto.newBuilder()
                        .setOpenSession(OpenSessionProto.newBuilder().setClientId("alice"))
                        .build(),
                CommandProto.newBuilder()
                        .setConfigure(ConfigureProto.newBuilder()
                                .setSettings(SettingsProto.newBuilder()
                                        .setMaxInactivityNanos(900_000)
                                        .setMaxMessages(30)))
                        .build());
    }

    private static CommandProto delete(String channel, long id) {
        return CommandProto.newBuilder()
                .setDeleteChannel(
                        DeleteChannelProto.newBuilder().setChannel(channel).setChannelId(id))
                .build();
    }

    private static Batch command(long number, long timeNanos, CommandProto... commands) {
        return Batch.newBuilder()
                .setGateway("a")
                .setIncarnation(1)
                .setNumber(number)
                .setTimeNanos(timeNanos)
                .addAllCommands(List.of(commands))
                .build();
    }

    /** Both kinds of run are looked at by changing the entry behind the store's back: only a copy does not notice. */
    @Test
    void shouldKeepTheEntryOfARunInMemoryOnlyIfTheRunIsMostOfIt() throws IOException {
        byte[] entry = new byte[1000];
        entry[0] = 49;
        try (Driven driven = new Driven(directory)) {
            driven.apply(1, new Workload(1, 0, 1).next());
            driven.apply(2, publish(2, UnsafeByteOperations.unsafeWrap(entry, 0, 50)), 101);
            driven.apply(3, publish(3, UnsafeByteOperations.unsafeWrap(entry, 0, 50)), 100);
            driven.store.flush(driven.state);
            entry[1] = 7;
            assertThat(driven.messages().get("orders"))
                    .extracting(record -> record.byteAt(0))
                    .containsExactly((byte) 0, (byte) 7);
        }
    }

    private static Batch publish(long number, ByteString records) {
        return Batch.newBuilder()
                .setGateway("a")
                .setIncarnation(1)
                .setNumber(number)
                .setTimeNanos(number * 1000)
                .addCommands(CommandProto.newBuilder()
                        .setAppend(AppendProto.newBuilder()
                                .setChannel("orders")
                                .addPublishers(PublisherProto.newBuilder()
                                        .setClientId("alice")
                                        .setCount(1))
                                .setRecords(records)))
                .build();
    }

    @Test
    void shouldGoOnWhenFlushesAreAskedForFasterThanTheDiskMakesThem() throws Exception {
        CountDownLatch diskIsBusy = new CountDownLatch(1);
        CountDownLatch diskMayGoOn = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        try (Driven driven = new Driven(directory)) {
            driven.apply(1, new Workload(1, 0, 1).next());
            driven.store.flushInBackground(() -> {
                diskIsBusy.countDown();
                await(diskMayGoOn);
            });
            await(diskIsBusy); // an earlier call that still waits for its turn would stand for all
            for (int i = 0; i < 1_000; i++) {
                driven.store.flushInBackground(done::incrementAndGet);
            }
            diskMayGoOn.countDown();
            driven.store.flush(driven.state);
            assertThat(done.get()).isBetween(1, 2);
        }
    }

    @Test
    void shouldWaitForTheWriterWhenTooManyTinyRunsAreUnwritten() throws Exception {
        int entries = 300;
        CountDownLatch writerMayGoOn = new CountDownLatch(1);
        AtomicInteger applied = new AtomicInteger();
        try (Driven driven = new Driven(directory)) {
            driven.apply(1, new Workload(1, 0, 1).next());
            driven.store.flush(driven.state);
            driven.store.flushInBackground(() -> await(writerMayGoOn));
            Thread apply = new Thread(() -> {
                while (applied.get() < entries) {
                    int number = applied.get() + 2;
                    driven.apply(number, publish(number, Runs.records(List.of(Runs.message(1, number - 1)))));
                    applied.incrementAndGet();
                }
            });
            apply.start();
            try {
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (apply.isAlive() && apply.getState() != Thread.State.WAITING) {
                    assertThat(System.nanoTime()).isLessThan(deadline);
                    Thread.onSpinWait();
                }
                assertThat(applied.get())
                        .isBetween(1, (int) (SMALL.unwrittenBytesMax() / StoredChannel.RUN_OVERHEAD_BYTES));
            } finally {
                writerMayGoOn.countDown();
                apply.join();
            }
            assertThat(driven.messages().get("orders"))
                    .isEqualTo(LongStream.rangeClosed(1, entries)
                            .mapToObj(sequence -> Runs.message(1, sequence))
                            .toList());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldRememberAPositionThatBroughtNoChange() throws IOException {
        try (Driven driven = new Driven(directory)) {
            driven.store.skipped(new LogPosition(3, 17));
            driven.store.flush(driven.state);
            assertThat(driven.store.position()).isEqualTo(new LogPosition(3, 17));
        }
        try (Driven driven = new Driven(directory)) {
            assertThat(driven.store.position()).isEqualTo(new LogPosition(3, 17));
        }
    }

    /** The process dies as by kill -9, with nothing flushed on the way out; the log brings back what is missing. */
    @Test
    void shouldComeBackConsistentAtAnEarlierPositionAfterACrash() throws Exception {
        long seed = System.nanoTime();
        Workload workload = new Workload(seed, MESSAGES_MAX, 300);
        List<Batch> entries = new ArrayList<>();
        List<Digest> digests = new ArrayList<>();
        Path reference = directory.resolve("reference");
        try (Driven driven = new Driven(reference)) {
            for (int i = 0; i < 700; i++) {
                entries.add(workload.next());
                driven.apply(i + 1L, entries.get(i));
                digests.add(driven.state.digest());
            }
        }
        Path crashed = directory.resolve("crashed");
        long before = 0;
        for (int stop : new int[] {100, 350, 700}) {
            assertThat(crashAfter(crashed, seed, stop)).as("seed %d", seed).isEqualTo(CrashingStore.EXIT_CODE);
            Driven driven = new Driven(crashed);
            long index = driven.index();
            assertThat(index).as("seed %d", seed).isBetween(before, (long) stop);
            if (index > 0) {
                assertThat(driven.state.digest())
                        .as("at %d of %d, seed %d", index, stop, seed)
                        .isEqualTo(digests.get((int) index - 1));
            }
            for (int i = (int) index; i < stop; i++) {
                driven.apply(i + 1L, entries.get(i));
                assertThat(driven.state.digest())
                        .as("replayed to %d, seed %d", i + 1, seed)
                        .isEqualTo(digests.get(i));
            }
            before = index;
            if (stop == 700) {
                assertThat(index)
                        .as("small memtables were flushed now and then, seed %d", seed)
                        .isPositive();
                assertThat(driven.messages()).as("seed %d", seed).isEqualTo(expected(workload));
            }
            driven.store.close();
        }
    }

    private static int crashAfter(Path directory, long seed, int entries) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx256m",
                        CrashingStore.class.getName(),
                        directory.toString(),
                        Long.toString(seed),
                        Integer.toString(entries))
                .inheritIO()
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /** Applies entries from wherever the database is, and dies. */
    static void applyUpTo(Path directory, long seed, int entries) throws IOException {
        Driven driven = new Driven(directory);
        Workload workload = new Workload(seed, MESSAGES_MAX, 300);
        long start = driven.index();
        while (workload.index() < entries) {
            Batch batch = workload.next();
            if (workload.index() > start) {
                driven.apply(workload.index(), batch);
            }
        }
    }

    @Test
    void shouldMakeCheckpointsThatHoldWhatTheDatabaseHeldThen() throws IOException {
        Workload workload = new Workload(2, MESSAGES_MAX, 300);
        try (Driven driven = new Driven(directory)) {
            for (int i = 0; i < 200; i++) {
                Batch batch = workload.next();
                driven.apply(workload.index(), batch);
            }
            Map<String, List<ByteString>> messages = driven.messages();
            Digest digest = driven.state.digest();
            Path copy = directory.resolve("copy");
            try (Checkpoint checkpoint = driven.store.newCheckpoint()) {
                assertThat(checkpoint.position()).isEqualTo(new LogPosition(1, 200));
                assertThat(driven.store.oldestOpenCheckpoint()).isEqualTo(OptionalLong.of(200));
                for (int i = 0; i < 100; i++) {
                    Batch batch = workload.next();
                    driven.apply(workload.index(), batch);
                }
                copy(checkpoint, copy.resolve("db"));
            }
            assertThat(driven.store.oldestOpenCheckpoint()).isEmpty();
            assertThat(directory.resolve("serve")).isEmptyDirectory();
            try (Driven copied = new Driven(copy)) {
                assertThat(copied.state.digest()).isEqualTo(digest);
                assertThat(copied.messages()).isEqualTo(messages);
            }
        }
    }

    private static void copy(Checkpoint checkpoint, Path target) throws IOException {
        Files.createDirectories(target);
        for (Path file : checkpoint.files()) {
            Files.copy(file, target.resolve(file.getFileName().toString()));
        }
    }

    @Test
    void shouldServeOnlyAFewCheckpointsAtATime() throws IOException {
        List<Checkpoint> open = new ArrayList<>();
        try (Driven driven = new Driven(directory)) {
            for (int i = 0; i < 4; i++) {
                open.add(driven.store.newCheckpoint());
            }
            assertThatThrownBy(driven.store::newCheckpoint)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("already 4");
            open.remove(0).close();
            open.add(driven.store.newCheckpoint());
            for (Checkpoint checkpoint : open) {
                checkpoint.close();
            }
        }
    }

    @Test
    void shouldRefuseAFormatThatItDoesNotKnow() throws Exception {
        try (Driven driven = new Driven(directory)) {
            driven.store.skipped(new LogPosition(1, 1));
        }
        Database database = Database.open(directory.resolve("db"), SMALL, Encryption.off());
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(
                    database.family(Changes.Table.META),
                    Keys.FORMAT,
                    ByteBuffer.allocate(4).putInt(7).array());
            database.write(batch);
        }
        database.close();

        assertThatThrownBy(() -> new Driven(directory))
                .isInstanceOf(IOException.class)
                .hasMessage("the database in " + directory.resolve("db")
                        + " has format 7; this version reads format 1 only");
    }

    @Test
    void shouldTellWhenTheDatabaseIsHeldByAnother() throws Exception {
        try (Driven driven = new Driven(directory)) {
            assertThat(driven.index()).isEqualTo(-1);
            assertThatThrownBy(() -> new Driven(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("can't open the database");
        }
    }
}
