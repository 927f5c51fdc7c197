package io.stanchion.raftsm.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.stanchion.raftsm.cipher.DataKey;
import io.stanchion.raftsm.cipher.NameHash;
import io.stanchion.raftsm.cipher.SealException;
import io.stanchion.raftsm.cipher.Sealer;
import io.stanchion.raftsm.model.Changes;
import io.stanchion.raftsm.model.Changes.PutRun;
import io.stanchion.raftsm.model.RunIndex.Run;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Rows and runs, encrypted, each bound to its table and key.
 *
 * <p>Keys of rows may be names of clients, so RocksDB has a hash instead, and the value holds key (length, 4 bytes; then the key) and
 * value together. A run's time and the number of its messages stay readable, because trimming asks for them and not for the messages; its
 * records are sealed, and the seal covers these two as well, in the place of the checksum.
 *
 * <p>What remains to be seen: how many rows and messages there are, how long, of which channel (a number), and when they came.
 */
final class SealedForm implements StoredForm {
    private final Sealer rows;
    private final Sealer runs;
    private final NameHash names;

    SealedForm(DataKey key) {
        rows = key.sealer("rows");
        runs = key.sealer("runs");
        names = key.nameHash();
    }

    @Override
    public byte[] key(Changes.Table table, ByteString rowKey) {
        return names.of(place(table, rowKey.toByteArray()));
    }

    @Override
    public byte[] value(Changes.Table table, byte[] storedKey, ByteString rowKey, ByteString value) {
        ByteBuffer row = ByteBuffer.allocate(Integer.BYTES + rowKey.size() + value.size());
        row.putInt(rowKey.size());
        rowKey.copyTo(row);
        value.copyTo(row);
        return rows.seal(row.array(), place(table, storedKey));
    }

    @Override
    public Changes.Row row(Changes.Table table, ByteString storedKey, ByteString storedValue) {
        byte[] row;
        try {
            row = rows.open(storedValue.asReadOnlyByteBuffer(), place(table, storedKey.toByteArray()));
        } catch (SealException e) {
            throw new SealException("a row of " + table + " " + e.getMessage());
        }
        int keyLength = ByteBuffer.wrap(row).getInt();
        int valueAt = Integer.BYTES + keyLength;
        return new Changes.Row(
                table,
                ByteString.copyFrom(row, Integer.BYTES, keyLength),
                UnsafeByteOperations.unsafeWrap(row, valueAt, row.length - valueAt));
    }

    private static byte[] place(Changes.Table table, byte[] key) {
        byte[] name = table.name().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(name.length + 1 + key.length)
                .put(name)
                .put((byte) 0) // where the name ends
                .put(key)
                .array();
    }

    @Override
    public int length(PutRun run) {
        return RunValue.length(run) + Sealer.OVERHEAD;
    }

    @Override
    public void write(PutRun run, ByteBuffer to) {
        to.clear().putLong(run.timestampNanos()).putInt(run.count()).putInt(0);
        runs.seal(run.records().asReadOnlyByteBuffer(), place(run), to);
        to.flip();
    }

    @Override
    public Run header(long first, byte[] header, int valueLength) {
        return RunValue.header(first, header, valueLength - Sealer.OVERHEAD);
    }

    @Override
    public PutRun read(long channelId, long first, byte[] value) {
        if (value.length < RunValue.HEADER_LENGTH) {
            throw new CorruptMessageException(
                    RunValue.place(channelId, first) + " has only " + value.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        PutRun empty = new PutRun(channelId, first, in.getInt(Long.BYTES), in.getLong(0), ByteString.EMPTY);
        try {
            byte[] records = runs.open(in.position(RunValue.HEADER_LENGTH), place(empty));
            return new PutRun(
                    channelId, first, empty.count(), empty.timestampNanos(), UnsafeByteOperations.unsafeWrap(records));
        } catch (SealException e) {
            throw new CorruptMessageException(RunValue.place(channelId, first) + " " + e.getMessage());
        }
    }

    private static byte[] place(PutRun run) {
        return ByteBuffer.allocate(Keys.RUN_LENGTH + Long.BYTES + Integer.BYTES)
                .putLong(run.channelId())
                .putLong(run.first())
                .putLong(run.timestampNanos())
                .putInt(run.count())
                .array();
    }
}
