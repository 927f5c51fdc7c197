package io.stanchion.node;

import io.stanchion.node.config.GoDuration;
import io.stanchion.node.config.StreamingConfig.ChannelLimits;
import io.stanchion.node.config.StreamingConfig.Limits;
import io.stanchion.raftsm.model.ChannelPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;

/** The table of limits that the reference prints when it starts, to the blank: operators compare it with what they know. */
final class LimitLines {
    private static final Limits PRESET = new Limits(100, 1_000, 1_000_000, 1_024_000_000, 0, 0, List.of());
    private static final String HEAD = "---------- Store Limits ----------";
    private static final String LIST = " List of Channels ";
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};
    private static final int STEP = 1_024;
    private static final Comparator<ChannelLimits> AS_LISTED =
            Comparator.comparing(limits -> sortKey(limits.pattern()));

    private final Limits limits;
    private final List<ChannelLimits> listed;
    private final int depthMax;

    private LimitLines(Limits limits) {
        this.limits = limits;
        this.listed = limits.special().stream().sorted(AS_LISTED).toList();
        this.depthMax = listed.stream()
                .mapToInt(each -> tokens(each.pattern()).length)
                .max()
                .orElse(0);
    }

    static List<String> of(Limits limits) {
        return new LimitLines(limits).lines();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(HEAD);
        lines.add("Channels:        " + marked(limits.channelsMax(), PRESET.channelsMax(), LimitLines::count));
        lines.add("--------- Channels Limits --------");
        lines.add(
                "  Subscriptions: " + marked(limits.subscriptionsMax(), PRESET.subscriptionsMax(), LimitLines::count));
        lines.add("  Messages     : " + marked(limits.messagesMax(), PRESET.messagesMax(), LimitLines::count));
        lines.add("  Bytes        : " + marked(limits.bytesMax(), PRESET.bytesMax(), LimitLines::size));
        lines.add("  Age          : " + marked(limits.ageNanosMax(), PRESET.ageNanosMax(), LimitLines::age));
        lines.add("  Inactivity   : "
                + marked(limits.inactivityNanosMax(), PRESET.inactivityNanosMax(), LimitLines::age));
        List<String> channels = channels();
        int width = channels.stream().mapToInt(String::length).reduce(HEAD.length(), Math::max);
        if (!channels.isEmpty()) {
            int left = (width - LIST.length()) / 2;
            lines.add("-".repeat(left) + LIST + "-".repeat(width - LIST.length() - left));
        }
        lines.addAll(channels);
        lines.add("-".repeat(width));
        return lines;
    }

    private List<String> channels() {
        List<String> lines = new ArrayList<>();
        for (ChannelLimits channel : listed) {
            List<ChannelLimits> wider = widerThan(channel);
            ChannelLimits parent = wider.isEmpty() ? ofAll() : wider.get(wider.size() - 1);
            add(lines, channel, parent, wider.size());
        }
        return lines;
    }

    /** Those that stand for all channels of this one, too; the next one comes last. */
    private List<ChannelLimits> widerThan(ChannelLimits channel) {
        ChannelPattern pattern = ChannelPattern.of(channel.pattern());
        return listed.stream()
                .filter(other -> !other.equals(channel))
                .filter(other -> ChannelPattern.of(other.pattern()).covers(pattern))
                .toList();
    }

    private ChannelLimits ofAll() {
        return new ChannelLimits(
                ">",
                limits.subscriptionsMax(),
                limits.messagesMax(),
                limits.bytesMax(),
                limits.ageNanosMax(),
                limits.inactivityNanosMax());
    }

    /** Only what differs from the parent. */
    private void add(List<String> lines, ChannelLimits own, ChannelLimits parent, int depth) {
        String indent = " ".repeat(depth);
        lines.add(indent + own.pattern());
        add(lines, depth, "Subscriptions", own.subscriptionsMax(), parent.subscriptionsMax(), LimitLines::count);
        add(lines, depth, "Messages     ", own.messagesMax(), parent.messagesMax(), LimitLines::count);
        add(lines, depth, "Bytes        ", own.bytesMax(), parent.bytesMax(), LimitLines::size);
        add(lines, depth, "Age          ", own.ageNanosMax(), parent.ageNanosMax(), LimitLines::age);
        add(lines, depth, "Inactivity   ", own.inactivityNanosMax(), parent.inactivityNanosMax(), LimitLines::age);
    }

    private void add(List<String> lines, int depth, String name, long own, long parent, LongFunction<String> shown) {
        if (own != parent) {
            String left = " ".repeat(depth) + " |-> " + name + " " + " ".repeat(Math.max(0, depthMax - depth));
            lines.add(left + aligned(shown.apply(own)));
        }
    }

    private static String marked(long own, long preset, LongFunction<String> shown) {
        return aligned(shown.apply(own)) + (own == preset ? " *" : "");
    }

    private static String aligned(String value) {
        return String.format("%13s", value);
    }

    /** Wider patterns before narrower ones, name by name. */
    private static String sortKey(String pattern) {
        StringBuilder key = new StringBuilder();
        for (String token : tokens(pattern)) {
            key.append(token.equals(">") ? "\1" : token.equals("*") ? "\2" : "\3" + token);
        }
        return key.toString();
    }

    private static String[] tokens(String pattern) {
        return pattern.split("\\.", -1);
    }

    private static String count(long limit) {
        return limit == 0 ? "unlimited" : Long.toString(limit);
    }

    private static String size(long bytes) {
        if (bytes == 0) {
            return "unlimited";
        }
        double value = bytes;
        int unit = 0;
        while (value >= STEP && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.2f %s", value, UNITS[unit]);
    }

    private static String age(long nanos) {
        return nanos == 0 ? "unlimited" : GoDuration.print(Duration.ofNanos(nanos));
    }
}
