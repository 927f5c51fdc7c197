package io.stanchion.node.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that an operator can set: its names in files and on the command line, what it takes, and what holds if nobody sets it.
 *
 * @param names in files, the first of them is the one we print; none for what is set through others
 * @param flags on the command line, without dashes
 * @param preset null if there is nothing without an operator's word
 */
record Setting<T>(
        Section section,
        List<String> names,
        List<String> flags,
        Kind<T> kind,
        @Nullable T preset,
        String about) {
    /** The blocks of a file. */
    enum Section {
        TOP(""),
        STREAMING("streaming"),
        STORE_LIMITS("streaming.store_limits"),
        FILE_OPTIONS("streaming.file_options"),
        SQL_OPTIONS("streaming.sql_options"),
        STREAMING_TLS("streaming.tls"),
        CLUSTER("streaming.cluster");

        private final String path;

        Section(String path) {
            this.path = path;
        }

        String path() {
            return path;
        }

        String pathOf(String key) {
            return path.isEmpty() ? key : path + "." + key;
        }
    }

    static <T> Setting<T> of(Section section, String name, Kind<T> kind, @Nullable T preset, String about) {
        return new Setting<>(section, List.of(name.split(" ")), List.of(), kind, preset, about);
    }

    Setting<T> flags(String... given) {
        return new Setting<>(section, names, List.of(given), kind, preset, about);
    }

    String name() {
        return names.get(0);
    }

    boolean isBoolean() {
        return kind == Kinds.BOOL;
    }
}
