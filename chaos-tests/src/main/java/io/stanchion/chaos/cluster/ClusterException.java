package io.stanchion.chaos.cluster;

import java.io.Serial;

/** Something about the machine or a node made it impossible to go on. The message is one line for a person. */
public class ClusterException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public ClusterException(String message) {
        super(message);
    }

    public ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
