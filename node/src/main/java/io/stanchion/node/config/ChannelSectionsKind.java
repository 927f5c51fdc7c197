package io.stanchion.node.config;

import io.stanchion.node.config.ChannelSections.Section;
import io.stanchion.node.config.ConfigMap.Entry;
import io.stanchion.node.config.ConfigValue.Block;
import io.stanchion.raftsm.model.ChannelPattern;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads {@code channels { "orders.*" { max_msgs: 10 } }}. */
final class ChannelSectionsKind implements Kind<ChannelSections> {
    @Override
    public String referenceName() {
        return "map";
    }

    @Override
    public ChannelSections read(ConfigValue value) throws MisfitException {
        TreeMap<ChannelPattern, Section> byPattern = new TreeMap<>();
        for (Entry entry : block(value, "").map().entries()) {
            String name = entry.key();
            if (!ChannelPattern.isValid(name)) {
                throw new MisfitException(entry.place(), "invalid channel name \"" + name + '"');
            }
            byPattern.put(ChannelPattern.of(name), section(entry));
        }
        return new ChannelSections(byPattern);
    }

    private static Block block(ConfigValue value, String of) throws MisfitException {
        if (value instanceof Block block) {
            return block;
        }
        throw new MisfitException(value.place(), of + "must be a block in { }, not " + value.describe());
    }

    private static Section section(Entry channel) throws MisfitException {
        String name = '"' + channel.key() + "\": ";
        Map<String, Long> own = new LinkedHashMap<>();
        for (Entry entry : block(channel.value(), name).map().entries()) {
            String key = entry.key().toLowerCase(Locale.ROOT);
            Optional<Setting<?>> limit = ChannelSections.LIMITS.stream()
                    .filter(setting -> setting.names().contains(key))
                    .findFirst();
            if (limit.isEmpty()) {
                throw new MisfitException(entry.place(), name + unknown(entry.key()));
            }
            own.put(limit.get().name(), read(limit.get(), entry.value(), name));
        }
        return new Section(channel.place(), own);
    }

    private static String unknown(String key) {
        return "unknown field \"" + key + "\"; a channel can have "
                + ChannelSections.LIMITS.stream().map(Setting::name).collect(Collectors.joining(", "));
    }

    /** 0 and everything below is no limit here. */
    private static <T> long read(Setting<T> limit, ConfigValue value, String name) throws MisfitException {
        if (limit.kind() instanceof LimitKind<T> kind && kind.isNegative(value)) {
            return 0;
        }
        try {
            return ChannelSections.asLong(limit.kind().read(value));
        } catch (MisfitException e) {
            throw new MisfitException(value.place(), name + limit.name() + ": " + e.getMessage());
        }
    }

    @Override
    public ChannelSections parse(String text) throws MisfitException {
        throw new MisfitException("can only be written in a file");
    }

    @Override
    public String show(ChannelSections value) {
        return value.show();
    }
}
