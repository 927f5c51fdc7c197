package io.stanchion.node.config;

import io.stanchion.node.config.StreamingConfig.ChannelLimits;
import io.stanchion.raftsm.model.ChannelPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The block {@code channels} of {@code store_limits}: limits of single channels, or of all that a pattern stands for. */
record ChannelSections(TreeMap<ChannelPattern, Section> byPattern) {
    /** Those that a section may set; what it says of others is none of its business. */
    static final List<Setting<?>> LIMITS = List.of(
            Settings.MAX_SUBS, Settings.MAX_MSGS, Settings.MAX_BYTES, Settings.MAX_AGE, Settings.MAX_INACTIVITY);

    /** @param own what is written in it, by the name of the limit; 0 is unlimited */
    record Section(Place place, Map<String, Long> own) {}

    /**
     * All limits of all sections. What a section does not set, it has from the most specific other section that stands for all of its
     * channels and sets it, or else from what holds for all channels.
     */
    List<ChannelLimits> resolve(Values values) {
        List<ChannelLimits> resolved = new ArrayList<>();
        for (ChannelPattern pattern : byPattern.keySet()) {
            List<Long> limits =
                    LIMITS.stream().map(limit -> limit(pattern, limit, values)).toList();
            resolved.add(new ChannelLimits(
                    pattern.text(), limits.get(0), limits.get(1), limits.get(2), limits.get(3), limits.get(4)));
        }
        return List.copyOf(resolved);
    }

    private long limit(ChannelPattern pattern, Setting<?> limit, Values values) {
        for (Map.Entry<ChannelPattern, Section> entry : byPattern.entrySet()) { // the most specific first
            Long own = entry.getValue().own().get(limit.name());
            if (own != null && entry.getKey().covers(pattern)) {
                return own;
            }
        }
        return asLong(values.get(limit));
    }

    /** In units of the machine. */
    static long asLong(Object value) {
        return value instanceof Duration time ? time.toNanos() : ((Number) value).longValue();
    }

    /** So many channels with a name of their own can't all exist. */
    void check(Values values, Problems problems) {
        int max = values.get(Settings.MAX_CHANNELS);
        List<Section> named = byPattern.entrySet().stream()
                .filter(entry -> !entry.getKey().isWildcard())
                .map(Map.Entry::getValue)
                .toList();
        if (max > 0 && named.size() > max) {
            problems.add(
                    values.placeOf(Settings.CHANNELS),
                    "streaming.store_limits.channels",
                    "too many channels defined (" + named.size() + "). The max channels limit is set to " + max);
        }
    }

    /** As a configuration file would say it. */
    String show() {
        return byPattern.entrySet().stream()
                .map(entry -> Kinds.TEXT.show(entry.getKey().text()) + " "
                        + show(entry.getValue().own()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String show(Map<String, Long> own) {
        return LIMITS.stream()
                .filter(limit -> own.containsKey(limit.name()))
                .map(limit -> limit.name() + ": " + show(limit, own.getOrDefault(limit.name(), 0L)))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String show(Setting<?> limit, long value) {
        boolean isTime = limit.kind() instanceof LimitKind<?> kind && kind.isTime();
        return isTime ? '"' + GoDuration.print(Duration.ofNanos(value)) + '"' : Long.toString(value);
    }
}
