package io.stanchion.raftsm.store;

import com.google.protobuf.ByteString;
import io.stanchion.raftsm.model.Changes;
import io.stanchion.raftsm.model.Changes.PutRun;
import io.stanchion.raftsm.model.RunIndex.Run;
import java.nio.ByteBuffer;

/** Rows and runs as they are. */
final class PlainForm implements StoredForm {
    @Override
    public byte[] key(Changes.Table table, ByteString rowKey) {
        return rowKey.toByteArray();
    }

    @Override
    public byte[] value(Changes.Table table, byte[] storedKey, ByteString rowKey, ByteString value) {
        return value.toByteArray();
    }

    @Override
    public Changes.Row row(Changes.Table table, ByteString storedKey, ByteString storedValue) {
        return new Changes.Row(table, storedKey, storedValue);
    }

    @Override
    public int length(PutRun run) {
        return RunValue.length(run);
    }

    @Override
    public void write(PutRun run, ByteBuffer to) {
        RunValue.write(run, to);
    }

    @Override
    public Run header(long first, byte[] header, int valueLength) {
        return RunValue.header(first, header, valueLength);
    }

    @Override
    public PutRun read(long channelId, long first, byte[] value) {
        return RunValue.read(channelId, first, value);
    }
}
