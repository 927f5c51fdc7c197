package io.stanchion.chaos.workload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;

/** What each message of the chaos workload carries: who wrote it, as which of his messages, to which channel, and a checksum over all. */
public record Stamp(int writer, long counter, String channel) {
    private static final int FIXED_BYTES = Integer.BYTES + Long.BYTES + 2 * Integer.BYTES;

    /** The payload, with filler up to a size. */
    public byte[] toPayload(int bytes) {
        byte[] name = channel.getBytes(UTF_8);
        ByteBuffer payload = ByteBuffer.allocate(Math.max(bytes, FIXED_BYTES + name.length));
        payload.putInt(writer).putLong(counter).putInt(name.length).put(name);
        while (payload.remaining() > Integer.BYTES) {
            payload.put((byte) counter);
        }
        payload.putInt(checksum(payload.array()));
        return payload.array();
    }

    /** Empty if the payload is none of ours, or damaged. */
    public static Optional<Stamp> tryRead(byte[] payload) {
        if (payload.length < FIXED_BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(payload);
        if (in.getInt(payload.length - Integer.BYTES) != checksum(payload)) {
            return Optional.empty();
        }
        int writer = in.getInt();
        long counter = in.getLong();
        int length = in.getInt();
        if (length < 0 || length > in.remaining() - Integer.BYTES) {
            return Optional.empty();
        }
        byte[] name = new byte[length];
        in.get(name);
        return Optional.of(new Stamp(writer, counter, new String(name, UTF_8)));
    }

    private static int checksum(byte[] payload) {
        CRC32 crc = new CRC32();
        crc.update(payload, 0, payload.length - Integer.BYTES);
        return (int) crc.getValue();
    }
}
