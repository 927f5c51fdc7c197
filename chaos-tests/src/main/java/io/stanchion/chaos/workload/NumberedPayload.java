package io.stanchion.chaos.workload;

import java.nio.ByteBuffer;
import java.util.Random;

/** Payloads that carry their number, followed by filler that a seed decides. */
public final class NumberedPayload {
    /** No payload is smaller than this. */
    public static final int MIN_BYTES = Integer.BYTES;

    private final byte[] filler;

    public NumberedPayload(int bytes, long seed) {
        filler = new byte[Math.max(bytes, MIN_BYTES)];
        new Random(seed).nextBytes(filler);
    }

    public byte[] of(int number) {
        byte[] payload = filler.clone();
        ByteBuffer.wrap(payload).putInt(number);
        return payload;
    }

    /** The number of a payload, or -1 if it is none of ours. */
    public static int numberOf(byte[] payload) {
        return payload.length < MIN_BYTES ? -1 : ByteBuffer.wrap(payload).getInt();
    }
}
