package io.stanchion.raftsm.store;

import java.io.IOException;

/** The database is not as it was written, so that it can't be opened. The message says in a few words what is wrong, and where. */
public final class DamagedStoreException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedStoreException(String message) {
        super(message);
    }

    DamagedStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
