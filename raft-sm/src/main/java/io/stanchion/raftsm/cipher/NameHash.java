package io.stanchion.raftsm.cipher;

import java.util.Arrays;
import javax.crypto.Mac;

/** Stands for names where they must be found again and must not be read: the same name has the same hash on every node of a cluster. */
public final class NameHash {
    /** Two names out of 2^40 meet with a probability below 2^-48. */
    private static final int LENGTH = 16;

    private final byte[] key;

    NameHash(byte[] key) {
        this.key = key;
    }

    public byte[] of(byte[] name) {
        Mac mac = DataKey.mac(key);
        return Arrays.copyOf(mac.doFinal(name), LENGTH);
    }
}
