package io.stanchion.chaos.cluster;

import java.io.Serial;

/** A node did not do what it must: it ended by itself, does not end, or does not become ready. It speaks of the server, not of the machine. */
public final class NodeException extends ClusterException {
    @Serial
    private static final long serialVersionUID = 1L;

    public NodeException(String message) {
        super(message);
    }

    public NodeException(String message, Throwable cause) {
        super(message, cause);
    }
}
