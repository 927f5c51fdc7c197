package io.stanchion.node;

import java.io.IOException;

/** The start found damage that the other nodes can mend: the node is to be started once more, and will then ask them. */
public final class QuarantinedException extends IOException {
    private static final long serialVersionUID = 1L;

    QuarantinedException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
