package io.stanchion.gateway.net;

import java.io.IOException;

/** The gateway's address cannot be listened on; the message names it and the reason. */
public final class BindFailedException extends IOException {
    BindFailedException(String host, int port, Throwable cause) {
        super("cannot listen for clients on " + host + ":" + port + ": " + reasonOf(cause), cause);
    }

    private static String reasonOf(Throwable cause) {
        String reason = cause.getMessage();
        return reason == null ? cause.toString() : reason;
    }
}
