package io.stanchion.node.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the settings are set to. What is put later overrides. */
final class Values {
    private final Map<Setting<?>, Held> held = new HashMap<>();

    private record Held(Object value, Place place) {}

    <T> void put(Setting<T> setting, T value, Place place) {
        held.put(setting, new Held(Objects.requireNonNull(value), place));
    }

    boolean isSet(Setting<?> setting) {
        return held.containsKey(setting);
    }

    /** The value, or what holds if nobody set it. */
    <T> T get(Setting<T> setting) {
        return Objects.requireNonNull(find(setting));
    }

    @SuppressWarnings("unchecked") // put() lets nothing else in
    <T> @Nullable T find(Setting<T> setting) {
        Held present = held.get(setting);
        return present == null ? setting.preset() : (T) present.value();
    }

    Place placeOf(Setting<?> setting) {
        Held present = held.get(setting);
        return present == null ? Place.nowhere("configuration") : present.place();
    }

    /** As a configuration file would say it; empty if it has no value. */
    <T> String show(Setting<T> setting) {
        T value = find(setting);
        return value == null ? "" : setting.kind().show(value);
    }
}
