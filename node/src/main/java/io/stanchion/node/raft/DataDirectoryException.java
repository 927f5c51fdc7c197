package io.stanchion.node.raft;

import io.stanchion.node.files.Reasons;
import java.io.IOException;

/** The data directory cannot be used. The message is one line that says what to do. */
public final class DataDirectoryException extends IOException {
    private static final long serialVersionUID = 1L;

    DataDirectoryException(String message) {
        super(message);
    }

    DataDirectoryException(String message, Exception cause) {
        super(message, cause);
    }

    /** @param remedy what to do, which comes last */
    DataDirectoryException(String message, IOException cause, String remedy) {
        super(message + ": " + Reasons.ofFolder(cause) + "; " + remedy, cause);
    }
}
