package io.stanchion.gateway.core;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** Unique names of 22 base62 characters, as NATS clients make them, but unpredictable: whoever saw one cannot guess the next. */
public final class Nuid {
    public static final int LENGTH = 22;

    private static final byte[] DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private Nuid() {}

    public static String next() {
        byte[] text = new byte[LENGTH];
        // 11 digits use up less than 66 bits, so two longs would leave the last digits uneven; three are uniform
        // enough.
        fill(text, 0, 8);
        fill(text, 8, 16);
        fill(text, 16, LENGTH);
        return new String(text, StandardCharsets.US_ASCII);
    }

    private static void fill(byte[] text, int from, int to) {
        long bits = RANDOM.nextLong() & Long.MAX_VALUE;
        for (int i = from; i < to; i++) {
            text[i] = DIGITS[(int) (bits % DIGITS.length)];
            bits /= DIGITS.length;
        }
    }
}
