package io.stanchion.gateway.stan;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Encodes pb.PubAck. The guid is echoed byte for byte: nobody promised that it is UTF-8. */
final class PubAcks {
    private static final byte GUID_TAG = 1 << 3 | 2;
    private static final byte ERROR_TAG = 2 << 3 | 2;

    private PubAcks() {}

    static byte[] stored(ByteBuf source, int guidStart, int guidLength) {
        if (guidLength == 0) {
            return new byte[0];
        }
        byte[] ack = new byte[1 + Varints.size(guidLength) + guidLength];
        ack[0] = GUID_TAG;
        int position = Varints.write(guidLength, ack, 1);
        source.getBytes(guidStart, ack, position, guidLength);
        return ack;
    }

    static String guid(byte[] stored) {
        int start = 1;
        while (start < stored.length && stored[start] < 0) {
            start++; // the length, seven bits a byte
        }
        return start >= stored.length
                ? ""
                : new String(stored, start + 1, stored.length - start - 1, StandardCharsets.UTF_8);
    }

    static byte[] refused(byte[] stored, String error) {
        byte[] text = error.getBytes(StandardCharsets.UTF_8);
        byte[] ack = new byte[stored.length + 1 + Varints.size(text.length) + text.length];
        System.arraycopy(stored, 0, ack, 0, stored.length);
        ack[stored.length] = ERROR_TAG;
        int position = Varints.write(text.length, ack, stored.length + 1);
        System.arraycopy(text, 0, ack, position, text.length);
        return ack;
    }
}
