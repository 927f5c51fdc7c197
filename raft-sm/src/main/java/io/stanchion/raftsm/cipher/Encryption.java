package io.stanchion.raftsm.cipher;

import org.jspecify.annotations.Nullable;

/** Whether this node's data is encrypted at rest, and with what. */
public final class Encryption {
    private static final Encryption OFF = new Encryption(null);

    private final @Nullable DataKey key;

    private Encryption(@Nullable DataKey key) {
        this.key = key;
    }

    /** Data is written as it is. */
    public static Encryption off() {
        return OFF;
    }

    public static Encryption with(DataKey key) {
        return new Encryption(key);
    }

    public boolean isOn() {
        return key != null;
    }

    /** To be asked for if encryption {@link #isOn}. */
    public DataKey key() {
        if (key == null) {
            throw new IllegalStateException("there is no encryption key");
        }
        return key;
    }
}
