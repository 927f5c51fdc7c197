package io.stanchion.raftsm.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.model.Changes.PutRun;
import io.stanchion.raftsm.model.Changes.Trim;
import io.stanchion.raftsm.model.RunIndex.Run;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

class RunStoreTest {
    private static final long CHANNEL = 7;
    private static final StoreSettings NOTHING_IN_MEMORY = new StoreSettings(0, 1 << 20, 1000, 1 << 20, 1 << 20, 50);
    private static final StoreSettings ALL_IN_MEMORY = new StoreSettings(1 << 24, 1 << 20, 0, 1 << 20, 1 << 20, 50);

    @TempDir
    private Path directory;

    private Database database;
    private RunStore runs;
    private Trimmer trimmer;
    private long index;

    @BeforeEach
    void open() throws IOException {
        open(NOTHING_IN_MEMORY);
    }

    private void open(StoreSettings settings) throws IOException {
        if (database != null) {
            database.close();
        }
        database = Database.open(directory, settings, Encryption.off());
        runs = new RunStore(database, settings);
        trimmer = new Trimmer(database, runs, settings.trimMessages());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void add(PutRun... added) {
        for (PutRun run : added) {
            runs.add(run);
        }
    }

    private void write(List<PutRun> written, List<Trim> trims) {
        trims.forEach(runs::trim);
        try (WriteBatch batch = new WriteBatch()) {
            new ApplyBatch(written, trims, List.of(), new LogPosition(1, ++index))
                    .writeTo(batch, database, trimmer, new ApplyBatch.RunBuffer());
            database.write(batch);
        } catch (RocksDBException e) {
            throw new AssertionError(e);
        }
        runs.written(written);
    }

    private void addAndWrite(PutRun... added) {
        add(added);
        write(List.of(added), List.of());
    }

    private static List<Runs.Read> messages(long first, long last, long timestampNanos) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(sequence -> new Runs.Read(sequence, timestampNanos, Runs.message(CHANNEL, sequence)))
                .toList();
    }

    private List<Long> storedRuns() {
        List<Long> found = new ArrayList<>();
        try (RunCursor cursor = database.cursor(CHANNEL, 0)) {
            for (boolean more = cursor.seek(0); more; more = cursor.next()) {
                found.add(cursor.run().first());
            }
        }
        return found;
    }

    @Test
    void shouldReadFromMemoryWhatIsNotWrittenYet() {
        add(Runs.of(CHANNEL, 1, 5, 10), Runs.of(CHANNEL, 6, 5, 20));

        assertThat(Runs.read(runs, CHANNEL, 4, 7))
                .containsExactlyElementsOf(Stream.concat(messages(4, 5, 10).stream(), messages(6, 7, 20).stream())
                        .toList());
        assertThat(storedRuns()).isEmpty();
    }

    @Test
    void shouldReadAcrossRunsOnDiskAndInMemory() {
        addAndWrite(Runs.of(CHANNEL, 1, 10, 10), Runs.of(CHANNEL, 11, 1, 20), Runs.of(CHANNEL, 12, 10, 30));
        addAndWrite(Runs.of(CHANNEL + 1, 1, 10, 10));
        add(Runs.of(CHANNEL, 22, 10, 40));

        List<Runs.Read> expected = new ArrayList<>(messages(5, 10, 10));
        expected.addAll(messages(11, 11, 20));
        expected.addAll(messages(12, 21, 30));
        expected.addAll(messages(22, 25, 40));
        assertThat(Runs.read(runs, CHANNEL, 5, 25)).isEqualTo(expected);
        assertThat(Runs.read(runs, CHANNEL, 31, 100)).isEqualTo(messages(31, 31, 40));
        assertThat(Runs.read(runs, CHANNEL, 32, 100)).isEmpty();
        assertThat(Runs.read(runs, CHANNEL + 2, 1, 100)).isEmpty();
    }

    @Test
    void shouldReadARunMessageByMessage() {
        addAndWrite(Runs.of(CHANNEL, 1, 20, 10), Runs.of(CHANNEL, 21, 20, 20));
        for (long sequence = 1; sequence <= 20; sequence++) {
            assertThat(Runs.read(runs, CHANNEL, sequence, sequence)).isEqualTo(messages(sequence, sequence, 10));
        }
    }

    @Test
    void shouldKeepRecentRunsInMemoryUpToTheirBudget() throws IOException {
        open(ALL_IN_MEMORY);
        addAndWrite(Runs.of(CHANNEL, 1, 10, 10));
        overwrite(1, new byte[] {1, 2, 3});

        assertThat(Runs.read(runs, CHANNEL, 1, 10)).isEqualTo(messages(1, 10, 10));
    }

    @Test
    void shouldKeepAFewTinyRunsInMemoryWhereTheirRecordsAloneWouldLeaveRoomForAll() throws Exception {
        int kept = 100;
        open(new StoreSettings(kept * StoredChannel.RUN_OVERHEAD_BYTES, 1 << 20, 0, 1 << 20, 1 << 20, 50));
        for (int i = 1; i <= 1000; i++) {
            addAndWrite(tiny(i));
        }
        assertThat(Runs.read(runs, CHANNEL, 1, 1000)).hasSize(1000);
        for (int i = 1; i <= 1000; i++) {
            assertThat(Runs.read(runs, CHANNEL, i, i)).containsExactly(new Runs.Read(i, i, ByteString.EMPTY));
        }

        try (WriteBatch batch = new WriteBatch()) {
            batch.deleteRange(database.messages(), Keys.channelStart(CHANNEL), Keys.channelEnd(CHANNEL));
            database.write(batch);
        }
        assertThat(Runs.read(runs, CHANNEL, 1001 - kept + 1, 1000)).hasSize(kept - 1);
        assertThatThrownBy(() -> Runs.read(runs, CHANNEL, 1000 - kept, 1000))
                .isInstanceOf(CorruptMessageException.class);
    }

    /** One message without anything in it: a single byte of records. */
    private static PutRun tiny(long first) {
        return new PutRun(CHANNEL, first, 1, first, Runs.records(List.of(ByteString.EMPTY)));
    }

    @Test
    void shouldCacheAFewTinyRunsWhereTheirRecordsAloneWouldLeaveRoomForAll() {
        int kept = 100;
        ReadCache cache = new ReadCache(kept * StoredChannel.RUN_OVERHEAD_BYTES);
        for (int i = 1; i <= 1000; i++) {
            cache.add(tiny(i));
        }
        assertThat(LongStream.rangeClosed(1, 1000).filter(first -> cache.at(CHANNEL, first) != null))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1001 - kept + 1, 1000).boxed().toList());
    }

    @Test
    void shouldFindTheRunThatHoldsASequenceOrTheNextOne() {
        addAndWrite(Runs.of(CHANNEL, 1, 10, 10), Runs.of(CHANNEL, 11, 5, 20));
        PutRun unwritten = Runs.of(CHANNEL, 16, 3, 30);
        add(unwritten);

        assertThat(runs.runAt(CHANNEL, 0)).isEqualTo(runs.runAt(CHANNEL, 1));
        assertThat(runs.runAt(CHANNEL, 10)).extracting(Run::first).isEqualTo(1L);
        assertThat(runs.runAt(CHANNEL, 15)).extracting(Run::first).isEqualTo(11L);
        assertThat(runs.runAt(CHANNEL, 17))
                .isEqualTo(new Run(16, 3, 30, unwritten.records().size()));
        assertThat(runs.runAt(CHANNEL, 19)).isNull();
        assertThat(runs.runAt(CHANNEL + 1, 1)).isNull();
        assertThat(runs.runAt(CHANNEL - 1, 1)).isNull();
    }

    @Test
    void shouldFindRunsByTimeAsAScanWould() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<PutRun> all = new ArrayList<>();
        long first = 1;
        long timestamp = 100;
        for (int i = 0; i < 200; i++) {
            PutRun run = Runs.of(CHANNEL, first, random.nextInt(1, 6), timestamp);
            all.add(run);
            first += run.count();
            timestamp += random.nextInt(3);
            add(run);
            if (i < 150) {
                write(List.of(run), List.of());
            }
        }
        for (int i = 0; i < 500; i++) {
            long from = random.nextLong(1, first + 2);
            long wanted = random.nextLong(95, timestamp + 5);
            Long expected = all.stream()
                    .filter(run -> StoredChannel.lastOf(run) >= from && run.timestampNanos() >= wanted)
                    .map(PutRun::first)
                    .findFirst()
                    .orElse(null);
            Run found = runs.firstRunSince(CHANNEL, from, wanted);
            assertThat(found == null ? null : (Long) found.first())
                    .as("from %d since %d, seed %d", from, wanted, seed)
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldPutOffSmallTrimsAndNeverShowWhatIsTrimmed() {
        for (int i = 0; i < 10; i++) {
            addAndWrite(Runs.of(CHANNEL, 1 + i * 10, 10, i));
        }
        write(List.of(), List.of(new Trim(CHANNEL, 16)));

        assertThat(storedRuns()).as("15 messages are not worth a range delete").hasSize(10);
        assertThat(Runs.read(runs, CHANNEL, 1, 20)).isEqualTo(messages(16, 20, 1));

        write(List.of(), List.of(new Trim(CHANNEL, 56)));
        assertThat(storedRuns()).as("the run of 56 stays whole").containsExactly(51L, 61L, 71L, 81L, 91L);
        assertThat(Runs.read(runs, CHANNEL, 1, 60)).isEqualTo(messages(56, 60, 5));
        assertThat(runs.runAt(CHANNEL, 56)).extracting(Run::first).isEqualTo(51L);
    }

    @Test
    void shouldDeleteWhatWasPutOffWhenAllIsAskedFor() throws RocksDBException {
        for (int i = 0; i < 5; i++) {
            addAndWrite(Runs.of(CHANNEL, 1 + i * 10, 10, i));
        }
        write(List.of(), List.of(new Trim(CHANNEL, 21)));
        try (WriteBatch batch = new WriteBatch()) {
            trimmer.trimAll(batch);
            assertThat(batch.hasDeleteRange()).isTrue();
            database.write(batch);
        }
        assertThat(storedRuns()).containsExactly(21L, 31L, 41L);
        try (WriteBatch batch = new WriteBatch()) {
            trimmer.trimAll(batch);
            assertThat(batch.hasDeleteRange()).isFalse();
        }
    }

    @Test
    void shouldTrimAChannelToNothingAndGoOn() {
        addAndWrite(Runs.of(CHANNEL, 1, 100, 1));
        write(List.of(), List.of(new Trim(CHANNEL, 101)));
        assertThat(storedRuns()).isEmpty();
        assertThat(Runs.read(runs, CHANNEL, 1, 100)).isEmpty();

        addAndWrite(Runs.of(CHANNEL, 101, 2, 2));
        assertThat(Runs.read(runs, CHANNEL, 1, 200)).isEqualTo(messages(101, 102, 2));
    }

    @Test
    void shouldForgetADeletedChannelButNotItsNeighbours() {
        addAndWrite(Runs.of(CHANNEL - 1, 1, 5, 1), Runs.of(CHANNEL, 1, 5, 1), Runs.of(CHANNEL + 1, 1, 5, 1));
        PutRun unwritten = Runs.of(CHANNEL, 6, 5, 2);
        add(unwritten);
        write(List.of(unwritten), List.of(new Trim(CHANNEL, Long.MAX_VALUE)));

        assertThat(storedRuns()).isEmpty();
        assertThat(Runs.read(runs, CHANNEL, 1, 10)).isEmpty();
        assertThat(Runs.read(runs, CHANNEL - 1, 1, 10)).hasSize(5);
        assertThat(Runs.read(runs, CHANNEL + 1, 1, 10)).hasSize(5);
    }

    /** Otherwise a crash could leave the channel's row without the run that its first message is in. */
    @Test
    void shouldNotDeletePartsOfAChannelWhoseDeletionIsOnItsWay() throws RocksDBException {
        addAndWrite(Runs.of(CHANNEL, 1, 10, 1), Runs.of(CHANNEL, 11, 10, 2));
        write(List.of(), List.of(new Trim(CHANNEL, 16)));
        Trim deletion = new Trim(CHANNEL, Long.MAX_VALUE);
        runs.trim(deletion);
        try (WriteBatch batch = new WriteBatch()) {
            trimmer.trimAll(batch);
            database.write(batch);
        }
        assertThat(storedRuns()).containsExactly(1L, 11L);
        write(List.of(), List.of(deletion));
        assertThat(storedRuns()).isEmpty();
    }

    @Test
    void shouldFindAChangedByteInAStoredRun() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        byte[] value = value(Runs.of(CHANNEL, 1, 10, 10));
        for (int i = 0; i < 100; i++) {
            open(NOTHING_IN_MEMORY);
            addAndWrite(Runs.of(CHANNEL, 1, 10, 10));
            byte[] damaged = value.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            overwrite(1, damaged);
            assertThatThrownBy(() -> Runs.read(runs, CHANNEL, 1, 10)).isInstanceOf(CorruptMessageException.class);
        }
    }

    @Test
    void shouldFindARunThatIsMissingOrInAnotherPlace() throws Exception {
        addAndWrite(Runs.of(CHANNEL, 1, 10, 10), Runs.of(CHANNEL, 11, 10, 10), Runs.of(CHANNEL, 21, 10, 10));
        overwrite(11, value(Runs.of(CHANNEL, 21, 10, 10)));
        assertThatThrownBy(() -> Runs.read(runs, CHANNEL, 1, 30))
                .isInstanceOf(CorruptMessageException.class)
                .hasMessageContaining("at 11 does not match its checksum");

        try (WriteBatch batch = new WriteBatch()) {
            batch.delete(database.messages(), Keys.run(CHANNEL, 11));
            database.write(batch);
        }
        assertThatThrownBy(() -> Runs.read(runs, CHANNEL, 1, 30))
                .isInstanceOf(CorruptMessageException.class)
                .hasMessageContaining("message 11 of channel 7 is missing");
    }

    @Test
    void shouldFindAChangedByteInAFile() throws Exception {
        addAndWrite(Runs.of(CHANNEL, 1, 100, 10));
        database.flush();
        database.close();
        damageFirstBlock(largestFile());
        database = Database.open(directory, NOTHING_IN_MEMORY, Encryption.off());
        runs = new RunStore(database, NOTHING_IN_MEMORY);
        runs.restore(CHANNEL, 1, 100);

        assertThatThrownBy(() -> Runs.read(runs, CHANNEL, 1, 100)).isInstanceOf(CorruptMessageException.class);
    }

    private Path largestFile() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void damageFirstBlock(Path file) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(300);
            int old = access.read();
            access.seek(300);
            access.write(old ^ 1);
        }
    }

    private static byte[] value(PutRun run) {
        ByteBuffer value = ByteBuffer.allocate(RunValue.length(run));
        RunValue.write(run, value);
        return value.array();
    }

    private void overwrite(long first, byte[] value) {
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(database.messages(), Keys.run(CHANNEL, first), value);
            database.write(batch);
        } catch (RocksDBException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldLetManyReadWhileRunsAreAddedWrittenForgottenAndTrimmed() throws Exception {
        open(new StoreSettings(3000, 1 << 20, 2000, 1 << 20, 1 << 20, 50));
        AtomicLong lastAdded = new AtomicLong();
        ExecutorService readers = Executors.newFixedThreadPool(3);
        List<Future<Long>> reads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            reads.add(readers.submit(() -> readUntil(lastAdded, 6000)));
        }
        List<PutRun> waiting = new ArrayList<>();
        for (long first = 1; first <= 6000; first += 10) {
            PutRun run = Runs.of(CHANNEL, first, 10, first);
            add(run);
            waiting.add(run);
            lastAdded.set(first + 9);
            if (first % 50 == 1) {
                write(List.copyOf(waiting), List.of(new Trim(CHANNEL, Math.max(1, first - 2000))));
                waiting.clear();
            }
        }
        for (Future<Long> read : reads) {
            assertThat(read.get(30, TimeUnit.SECONDS)).isPositive();
        }
        readers.shutdown();
    }

    /** Everything that is not trimmed must be there, in order, without a gap. */
    private long readUntil(AtomicLong lastAdded, long end) {
        SplittableRandom random = new SplittableRandom(Thread.currentThread().getId());
        long count = 0;
        long last;
        do {
            last = lastAdded.get();
            long first = Math.max(1, last - random.nextInt(2500));
            List<Runs.Read> found = Runs.read(runs, CHANNEL, first, last);
            long previous = 0;
            for (Runs.Read message : found) {
                assertThat(message.sequence()).isGreaterThan(previous);
                assertThat(message.record()).isEqualTo(Runs.message(CHANNEL, message.sequence()));
                previous = message.sequence();
            }
            long trimmed = runs.first(CHANNEL);
            assertThat(found.stream().filter(message -> message.sequence() >= trimmed))
                    .hasSize((int) Math.max(0, last - Math.max(first, trimmed) + 1));
            count += found.size();
        } while (last < end);
        return count;
    }
}
