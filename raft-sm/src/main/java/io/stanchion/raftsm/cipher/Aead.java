package io.stanchion.raftsm.cipher;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The ciphers that data may be sealed with, both with keys of 256 bits and tags of 128. Each sealed value names its own. */
public enum Aead {
    AES(1),
    CHACHA(2);

    static final int TAG_LENGTH = 16;
    static final int NONCE_LENGTH = 12;

    private final byte id;

    Aead(int id) {
        this.id = (byte) id;
    }

    /** The first byte of what is sealed. None is the first byte of a protobuf message: these would be fields with the number 0. */
    byte id() {
        return id;
    }

    /** @throws SealException if there is no such cipher */
    static Aead of(byte id) {
        for (Aead aead : values()) {
            if (aead.id == id) {
                return aead;
            }
        }
        throw new SealException("is not encrypted, or damaged");
    }

    /** Ciphers are made anew for each use, which takes about a microsecond: so nobody shares one between threads. */
    Cipher newCipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
        switch (this) {
            case AES -> {
                Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce));
                return cipher;
            }
            case CHACHA -> {
                Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
                cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
                return cipher;
            }
        }
        throw new IllegalStateException(name());
    }
}
