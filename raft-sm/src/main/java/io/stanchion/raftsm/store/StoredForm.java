package io.stanchion.raftsm.store;

import com.google.protobuf.ByteString;
import io.stanchion.raftsm.model.Changes;
import io.stanchion.raftsm.model.Changes.PutRun;
import io.stanchion.raftsm.model.RunIndex.Run;
import java.nio.ByteBuffer;

/** What rows and runs look like in RocksDB: as they are, or sealed. Keys of runs are numbers and always as they are. Thread-safe. */
interface StoredForm {
    /** The key under which RocksDB has a row. */
    byte[] key(Changes.Table table, ByteString rowKey);

    byte[] value(Changes.Table table, byte[] storedKey, ByteString rowKey, ByteString value);

    Changes.Row row(Changes.Table table, ByteString storedKey, ByteString storedValue);

    /** Of the run as a value. */
    int length(PutRun run);

    /** Writes {@link #length} bytes and leaves the buffer ready to be read. */
    void write(PutRun run, ByteBuffer to);

    /**
     * What a run is, without its records.
     *
     * @param header the value, as far as {@link RunValue#HEADER_LENGTH}
     */
    Run header(long first, byte[] header, int valueLength);

    /** @throws CorruptMessageException if the value is not what was written */
    PutRun read(long channelId, long first, byte[] value);
}
