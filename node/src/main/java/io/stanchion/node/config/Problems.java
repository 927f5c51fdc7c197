package io.stanchion.node.config;

import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with a configuration, one line each: where, what, and what to do. */
final class Problems {
    private final List<String> lines = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void add(Place place, String key, String message) {
        lines.add(place + ": " + key + ": " + message);
    }

    void add(Place place, String message) {
        lines.add(place + ": " + message);
    }

    void add(String line) {
        lines.add(line);
    }

    /** Something that is not as it looks, but no reason not to start. */
    void warn(Place place, String message) {
        warnings.add(place + ": " + message);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
