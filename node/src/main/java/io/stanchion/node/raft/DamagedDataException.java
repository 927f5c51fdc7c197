package io.stanchion.node.raft;

import java.io.IOException;

/** What this node has on disk is not what it wrote. The message says in a few words what is wrong, and where. */
public final class DamagedDataException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedDataException(String message) {
        super(message);
    }

    DamagedDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
