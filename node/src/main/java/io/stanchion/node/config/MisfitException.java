package io.stanchion.node.config;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A value is not of the kind that its setting wants. The message goes on after the name of the setting. */
final class MisfitException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Null for the place of the whole value. */
    private final transient @Nullable Place place;

    MisfitException(String message) {
        this(null, message);
    }

    MisfitException(@Nullable Place place, String message) {
        super(message);
        this.place = place;
    }

    @Nullable
    Place place() {
        return place;
    }
}
