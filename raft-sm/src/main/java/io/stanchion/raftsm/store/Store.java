package io.stanchion.raftsm.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.stanchion.proto.record.ChannelRecord;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.model.Changes;
import io.stanchion.raftsm.model.Changes.PutRun;
import io.stanchion.raftsm.model.MachineState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * One replica's fast copy of the log. Owned by the apply thread, except where a method says otherwise.
 *
 * <p>After each entry the apply thread says how far it is. Its messages can be read from then on; rows and messages are written by the
 * writer, together with the position, when it has time. A crash loses what was not flushed, all tables alike, and the log brings it back.
 */
public final class Store implements AutoCloseable {
    /** libc's words for EIO; English, as the launcher sees to it. */
    private static final String BAD_SECTOR = "Input/output error";

    /** RocksDB's words for what it did; one that fails to write is another matter. */
    private static final List<String> READING = List.of("While pread", "While reading");

    private final Database database;
    private final List<Changes.Row> rows;
    private final RunStore runs;
    private final StoreWriter writer;
    private final Checkpoints checkpoints;
    private final long unwrittenBytesMax;

    private LogPosition position;
    private List<PutRun> waiting = new ArrayList<>();
    private long waitingBytes;

    /** Of the batch that the writer was given last. */
    private long writingBytes;

    private Store(Database database, Path directory, StoreSettings settings, Consumer<Throwable> onFault)
            throws IOException {
        this.database = database;
        position = database.position();
        rows = database.rows();
        runs = new RunStore(database, settings);
        checkpoints = new Checkpoints(directory.resolve("serve"));
        unwrittenBytesMax = settings.unwrittenBytesMax();
        Trimmer trimmer = new Trimmer(database, runs, settings.trimMessages());
        restoreChannels(trimmer);
        writer = new StoreWriter(database, runs, trimmer, position, onFault);
    }

    /**
     * Opens {@code directory/db}, replaced by a pulled checkpoint if one is waiting in {@code directory/install}.
     *
     * @param onFault told when the writer fails; called on its thread
     */
    public static Store open(Path directory, StoreSettings settings, Encryption encryption, Consumer<Throwable> onFault)
            throws IOException {
        installArea(directory, encryption).swap();
        Database database = Database.open(directory.resolve("db"), settings, encryption);
        try {
            return new Store(database, directory, settings, onFault);
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Whether RocksDB can't read its data, and another try would not help: it is corrupt, or the disk does not give it. */
    public static boolean isUnreadable(Throwable failure) {
        if (!(failure instanceof RocksDBException rocks) || rocks.getStatus() == null) {
            return false;
        }
        String told = String.valueOf(rocks.getMessage());
        boolean isBadSector = told.contains(BAD_SECTOR) && READING.stream().anyMatch(told::contains);
        return isBadSector || rocks.getStatus().getCode() == Status.Code.Corruption;
    }

    public static InstallArea installArea(Path directory, Encryption encryption) {
        return new InstallArea(directory.resolve("db"), directory.resolve("install"), encryption);
    }

    private void restoreChannels(Trimmer trimmer) throws IOException {
        try {
            for (Changes.Row row : rows) {
                if (row.table() == Changes.Table.CHANNELS && row.value() != null) {
                    ChannelRecord channel = ChannelRecord.parseFrom(row.value());
                    long channelId = Keys.channelId(row.key());
                    runs.restore(channelId, channel.getFirstSequence(), channel.getLastSequence());
                    trimmer.restore(channelId, channel.getFirstSequence());
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedStoreException("a channel's row is damaged: " + e.getMessage(), e);
        }
    }

    /** The machine as it was at {@link #position}. To be called once, before anything is applied. */
    public MachineState restore() {
        return MachineState.restore(runs, rows);
    }

    /** The last entry that was {@link #applied}, or found in the database when it was opened. */
    public LogPosition position() {
        return position;
    }

    /** Messages, for any thread. */
    public RunStore runs() {
        return runs;
    }

    /**
     * This entry is applied to the machine. Waits for the writer only if too much is unwritten.
     *
     * @param entryBytes size of the entry, which its runs may be parts of
     */
    public void applied(MachineState state, LogPosition applied, int entryBytes) {
        for (PutRun run : state.drainRuns()) {
            keep(2L * run.records().size() < entryBytes ? copy(run) : run);
        }
        position = applied;
        if (writer.isIdle() || waitingBytes + writingBytes > unwrittenBytesMax) {
            handOver(state);
        }
    }

    /** An entry without a command for the machine: only the position moves. It is written with the next change, or flush. */
    public void skipped(LogPosition applied) {
        position = applied;
    }

    /**
     * Records lie in their entry, and keep all of it in memory as long as they are there themselves. So those that are the smaller part of
     * it are copied, and the others keep no more than twice their own size. The large run of a busy channel is one of the others.
     */
    private static PutRun copy(PutRun run) {
        ByteString records = UnsafeByteOperations.unsafeWrap(run.records().toByteArray());
        return new PutRun(run.channelId(), run.first(), run.count(), run.timestampNanos(), records);
    }

    private void keep(PutRun run) {
        runs.add(run);
        waiting.add(run);
        waitingBytes += StoredChannel.bytesOf(run);
    }

    private void handOver(MachineState state) {
        writer.awaitIdle();
        Changes changes = state.drainChanges();
        changes.runs().forEach(this::keep);
        changes.trims().forEach(runs::trim);
        writer.write(new ApplyBatch(waiting, changes.trims(), changes.rows(), position));
        waiting = new ArrayList<>();
        writingBytes = waitingBytes;
        waitingBytes = 0;
    }

    /**
     * Everything applied so far, and the position of the last entry whatever its kind, is on disk when this returns.
     *
     * @throws IOException if it is not: nothing may be written any more
     */
    public void flush(MachineState state) throws IOException {
        try {
            handOver(state);
            writer.flush().join();
        } catch (CompletionException e) {
            throw new IOException("can't flush the database: " + e.getMessage(), e);
        }
    }

    /**
     * Flushes what is written by now, while the apply thread goes on.
     *
     * @param whenDone not called if an earlier call still waits for its turn; that one's is
     */
    public void flushInBackground(Runnable whenDone) {
        writer.flush(whenDone);
    }

    /** Makes a checkpoint for another node. It may miss entries applied during the last moments. Called by any thread. */
    public Checkpoint newCheckpoint() throws IOException {
        return checkpoints.create(database, writer);
    }

    /**
     * Reads all that is on disk, for nothing but to see whether it can be read. Called by any thread.
     *
     * @throws CorruptMessageException if it is not what was written
     * @throws java.io.UncheckedIOException if it could not be read this time
     */
    public void scrub(Pace pace) throws InterruptedException {
        new StoreScrub(database, pace).run();
    }

    /** The index of the oldest checkpoint that another node is still copying. Called by any thread. */
    public OptionalLong oldestOpenCheckpoint() {
        return checkpoints.oldestOpen();
    }

    /** Writes what waits, then closes. Called once nothing is applied any more. */
    public void close(MachineState state) throws IOException {
        try {
            flush(state);
        } finally {
            close();
        }
    }

    /** Closes without what is not written yet: the log has it. */
    @Override
    public void close() {
        writer.close();
        database.close();
    }
}
