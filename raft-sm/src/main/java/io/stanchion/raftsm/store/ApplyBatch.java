package io.stanchion.raftsm.store;

import com.google.protobuf.ByteString;
import io.stanchion.raftsm.model.Changes;
import io.stanchion.raftsm.model.Changes.PutRun;
import java.nio.ByteBuffer;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What one entry, or a run of entries, changed, and the position of the last of them. It is written whole or not at all. */
record ApplyBatch(List<PutRun> runs, List<Changes.Trim> trims, List<Changes.Row> rows, LogPosition position) {

    /** Puts everything into a WriteBatch, in the order that the model asks for. */
    void writeTo(WriteBatch batch, Database database, Trimmer trimmer, RunBuffer buffer) throws RocksDBException {
        for (PutRun run : runs) {
            buffer.put(run, database, batch);
        }
        for (Changes.Trim trim : trims) {
            trimmer.trim(trim, batch);
        }
        for (Changes.Row row : rows) {
            ByteString value = row.value();
            byte[] key = database.form().key(row.table(), row.key());
            if (value == null) {
                batch.delete(database.family(row.table()), key);
            } else {
                batch.put(database.family(row.table()), key, database.form().value(row.table(), key, row.key(), value));
            }
        }
        batch.put(database.family(Changes.Table.META), Keys.POSITION, position(position));
    }

    private static byte[] position(LogPosition position) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(position.term())
                .putLong(position.index())
                .array();
    }

    /** Where runs become values: memory that native code reads without another copy. Grows to the largest run. */
    static final class RunBuffer {
        private final ByteBuffer key = ByteBuffer.allocateDirect(Keys.RUN_LENGTH);
        private ByteBuffer value = ByteBuffer.allocateDirect(64 << 10);

        private void put(PutRun run, Database database, WriteBatch batch) throws RocksDBException {
            int length = database.form().length(run);
            if (value.capacity() < length) {
                value = ByteBuffer.allocateDirect(Math.max(length, value.capacity() * 2));
            }
            database.form().write(run, value);
            key.clear().putLong(run.channelId()).putLong(run.first()).flip();
            batch.put(database.messages(), key, value);
        }
    }
}
