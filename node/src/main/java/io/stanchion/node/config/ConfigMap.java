package io.stanchion.node.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The entries of a file or of a block, in their order. A key that comes again replaces its first value. */
final class ConfigMap {
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> variables = new LinkedHashSet<>();

    /** @param place of the key */
    record Entry(String key, Place place, ConfigValue value) {}

    void put(Entry entry) {
        entries.remove(entry.key()); // so that the order is that of the values in force
        entries.put(entry.key(), entry);
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    /** The value of a key that is used as a variable. Such keys need no meaning of their own. */
    @Nullable
    ConfigValue asVariable(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return null;
        }
        variables.add(name);
        return entry.value();
    }

    boolean isVariable(String key) {
        return variables.contains(key);
    }
}
