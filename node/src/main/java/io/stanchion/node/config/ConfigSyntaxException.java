package io.stanchion.node.config;

import java.io.Serial;

/** A file is not in the configuration syntax. The message has no place in it; that is {@link #place}. */
final class ConfigSyntaxException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Place place;

    ConfigSyntaxException(Place place, String message) {
        super(message);
        this.place = place;
    }

    Place place() {
        return place;
    }
}
