package io.stanchion.gateway.stan;

/** Base 128 varints of lengths. */
final class Varints {
    private Varints() {}

    static int size(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Returns the index behind it. */
    static int write(int value, byte[] target, int offset) {
        int left = value;
        int position = offset;
        while ((left & ~0x7f) != 0) {
            target[position++] = (byte) ((left & 0x7f) | 0x80);
            left >>>= 7;
        }
        target[position++] = (byte) left;
        return position;
    }
}
