package io.stanchion.raftsm.store;

import com.google.protobuf.ByteString;
import io.stanchion.raftsm.model.Changes.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Keys of the tables. Numbers are big-endian, so that a channel's runs are neighbours, in order. */
final class Keys {
    static final int RUN_LENGTH = 2 * Long.BYTES;

    /** Names in `meta` that are the store's own. */
    static final byte[] POSITION = "position".getBytes(StandardCharsets.UTF_8);

    static final byte[] FORMAT = "format".getBytes(StandardCharsets.UTF_8);

    /** Which key the database is sealed with; absent if it is not. */
    static final byte[] SEAL = "seal".getBytes(StandardCharsets.UTF_8);

    private static final Set<ByteString> OWN =
            Set.of(ByteString.copyFrom(POSITION), ByteString.copyFrom(FORMAT), ByteString.copyFrom(SEAL));

    private Keys() {}

    static byte[] run(long channelId, long first) {
        return ByteBuffer.allocate(RUN_LENGTH).putLong(channelId).putLong(first).array();
    }

    /** Where a channel's runs begin. */
    static byte[] channelStart(long channelId) {
        return run(channelId, 0);
    }

    /** Behind the last run that a channel can have. */
    static byte[] channelEnd(long channelId) {
        return run(channelId + 1, 0);
    }

    static long channelOf(byte[] runKey) {
        return ByteBuffer.wrap(runKey).getLong();
    }

    static long first(byte[] runKey) {
        return ByteBuffer.wrap(runKey).getLong(Long.BYTES);
    }

    static long channelId(ByteString channelRowKey) {
        return channelRowKey.asReadOnlyByteBuffer().getLong();
    }

    static boolean isOwn(Table table, ByteString key) {
        return table == Table.META && OWN.contains(key);
    }
}
