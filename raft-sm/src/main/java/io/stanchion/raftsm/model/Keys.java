package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;

/** Keys of rows: numbers are big-endian, so that rows sort by number. */
final class Keys {
    private Keys() {}

    static ByteString of(long number) {
        return ByteString.copyFrom(
                ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    }

    static ByteString of(long channelId, long number) {
        return ByteString.copyFrom(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(channelId)
                .putLong(number)
                .flip());
    }

    static long number(ByteString key, int position) {
        return key.asReadOnlyByteBuffer().getLong(position * Long.BYTES);
    }
}
