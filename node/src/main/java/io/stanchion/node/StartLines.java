package io.stanchion.node;

import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.config.NodeConfig.Store;
import io.stanchion.node.config.StreamingConfig.ChannelLimits;
import io.stanchion.node.config.StreamingConfig.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the reference tells of its store when it starts, in its words and order: scripts look for these lines. */
final class StartLines {
    private static final Logger log = LoggerFactory.getLogger(StartLines.class);
    private static final Limits PRESET = new Limits(100, 1_000, 1_000_000, 1_024_000_000, 0, 0, List.of());
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};
    private static final int STEP = 1_024;

    private final NodeConfig config;
    private final LongSupplier channels;
    private final AtomicBoolean recovered = new AtomicBoolean();

    /** @param channels that there are now */
    StartLines(NodeConfig config, LongSupplier channels) {
        this.config = config;
        this.channels = channels;
    }

    boolean isClustered() {
        return !config.cluster().isAlone();
    }

    void onStart() {
        if (isClustered()) {
            log.info("STREAM: Cluster Node ID : {}", config.cluster().nodeId());
        }
        log.info("STREAM: Recovering the state...");
    }

    /** The replica is there; only the first time counts. */
    void onRecovered() {
        if (!recovered.compareAndSet(false, true)) {
            return;
        }
        long found = channels.getAsLong();
        log.info(found == 0 ? "STREAM: No recovered state" : "STREAM: Recovered {} channel(s)", found);
        log.info("STREAM: Message store is {}", config.store());
        if (config.store() == Store.FILE) {
            log.info("STREAM: Store location: {}", config.streaming().directory());
        }
        limits(config.streaming().limits()).forEach(line -> log.info("STREAM: {}", line));
    }

    static List<String> limits(Limits limits) {
        List<String> lines = new ArrayList<>();
        lines.add("---------------- Store Limits ----------------");
        lines.add(row("Channels:        ", count(limits.channelsMax()), limits.channelsMax() == PRESET.channelsMax()));
        lines.add("--------- Channels Limits --------------------");
        lines.add(row(
                "  Subscriptions: ",
                count(limits.subscriptionsMax()),
                limits.subscriptionsMax() == PRESET.subscriptionsMax()));
        lines.add(row("  Messages     : ", count(limits.messagesMax()), limits.messagesMax() == PRESET.messagesMax()));
        lines.add(row("  Bytes        : ", size(limits.bytesMax()), limits.bytesMax() == PRESET.bytesMax()));
        lines.add(row("  Age          : ", age(limits.ageNanosMax()), limits.ageNanosMax() == PRESET.ageNanosMax()));
        lines.add(row(
                "  Inactivity   : ",
                age(limits.inactivityNanosMax()),
                limits.inactivityNanosMax() == PRESET.inactivityNanosMax()));
        if (!limits.special().isEmpty()) {
            lines.add("--------- List of Channels --------------------");
            limits.special().forEach(channel -> addChannel(lines, channel, limits));
        }
        lines.add("----------------------------------------------");
        return lines;
    }

    /** Only what differs from the other channels. */
    private static void addChannel(List<String> lines, ChannelLimits channel, Limits others) {
        lines.add(channel.pattern());
        addIfOther(
                lines,
                " |-> Subscriptions  ",
                channel.subscriptionsMax(),
                others.subscriptionsMax(),
                StartLines::count);
        addIfOther(lines, " |-> Messages       ", channel.messagesMax(), others.messagesMax(), StartLines::count);
        addIfOther(lines, " |-> Bytes          ", channel.bytesMax(), others.bytesMax(), StartLines::size);
        addIfOther(lines, " |-> Age            ", channel.ageNanosMax(), others.ageNanosMax(), StartLines::age);
        addIfOther(
                lines,
                " |-> Inactivity     ",
                channel.inactivityNanosMax(),
                others.inactivityNanosMax(),
                StartLines::age);
    }

    private static void addIfOther(List<String> lines, String name, long own, long others, LongFunction<String> shown) {
        if (own != others) {
            lines.add(row(name, shown.apply(own), false));
        }
    }

    private static String row(String name, String value, boolean isPreset) {
        return String.format("%s%13s%s", name, value, isPreset ? " *" : "");
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
        if (nanos == 0) {
            return "unlimited";
        }
        Duration age = Duration.ofNanos(nanos);
        return age.toHours() + "h" + age.toMinutesPart() + "m" + age.toSecondsPart() + "s";
    }
}
