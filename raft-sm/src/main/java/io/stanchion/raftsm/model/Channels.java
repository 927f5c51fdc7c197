package io.stanchion.raftsm.model;

import java.util.Collection;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Channels by ID and by name. No two names differ in case only. */
final class Channels {
    private final TreeMap<Long, Channel> byId = new TreeMap<>();
    private final TreeMap<String, Channel> byName = new TreeMap<>();
    private final TreeMap<String, Channel> byFoldedName = new TreeMap<>();

    void add(Channel channel) {
        byId.put(channel.id(), channel);
        byName.put(channel.name(), channel);
        byFoldedName.put(ChannelNames.fold(channel.name()), channel);
    }

    void remove(Channel channel) {
        byId.remove(channel.id());
        byName.remove(channel.name());
        byFoldedName.remove(ChannelNames.fold(channel.name()));
    }

    @Nullable
    Channel byName(String name) {
        return byName.get(name);
    }

    @Nullable
    Channel byId(long id) {
        return byId.get(id);
    }

    Collection<Channel> all() {
        return byId.values();
    }

    /** Those whose names come later, by name. */
    Collection<Channel> after(String name) {
        return byName.tailMap(name, false).values();
    }

    /** Why there is not, and will not be, a channel of this name; empty if there is or may be. */
    String refusal(String name, long maxChannels) {
        if (byName.containsKey(name)) {
            return "";
        }
        Channel namesake = byFoldedName.get(ChannelNames.fold(name));
        if (namesake != null) {
            return ChannelNames.clash(name, namesake.name());
        }
        return maxChannels > 0 && byId.size() >= maxChannels ? "too many channels" : "";
    }
}
