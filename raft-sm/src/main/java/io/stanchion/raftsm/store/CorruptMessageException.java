package io.stanchion.raftsm.store;

/** A stored run is missing, unreadable, or does not match its checksum: this copy of the data is damaged. */
public final class CorruptMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CorruptMessageException(String message) {
        super(message);
    }
}
