package io.stanchion.gateway.external;

import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Why something failed, in a few words for whoever can correct it. */
final class Reason {
    private Reason() {}

    static String of(Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no such file";
        } else if (failure instanceof AccessDeniedException) {
            return "no permission to read it";
        }
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = root.getMessage();
        if (root instanceof UnknownHostException) {
            return "unknown host " + String.valueOf(message).split(":", 2)[0];
        } else if (root instanceof UnresolvedAddressException) {
            return "unknown host";
        }
        return message == null ? root.getClass().getSimpleName() : message;
    }
}
