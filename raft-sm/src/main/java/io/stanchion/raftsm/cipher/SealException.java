package io.stanchion.raftsm.cipher;

/** Something on disk can't be read with this node's key, or without one. The message says what is wrong with it, as a part of a sentence. */
public final class SealException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SealException(String message) {
        super(message);
    }
}
