package io.stanchion.chaos.workload;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How somebody subscribes. Written into the history with the subscription, so that a checker knows what was asked for.
 *
 * @param durable empty for a subscription that ends with its session
 * @param group queue group, or empty
 * @param ackWaitSeconds the protocol knows whole seconds only
 * @param omittedPercent so many of the messages are not acknowledged at first sight
 */
public record SubscriberPlan(
        String name,
        String channel,
        String durable,
        String group,
        Start start,
        int maxInFlight,
        int ackWaitSeconds,
        int omittedPercent) {
    /** Start positions of the protocol. */
    public enum Start {
        ALL,
        NEW,
        LAST,
        /** From sequence {@link #FIRST_SEQUENCE}. */
        SEQUENCE,
        /** From {@link #TIME_DELTA} ago. */
        TIME
    }

    public static final long FIRST_SEQUENCE = 10;
    public static final Duration TIME_DELTA = Duration.ofSeconds(2);

    public boolean isDurable() {
        return !durable.isEmpty();
    }

    public boolean isGroup() {
        return !group.isEmpty();
    }

    /** As one line of text. */
    public String write() {
        return "name=" + name + " channel=" + channel + " durable=" + durable + " group=" + group + " start=" + start
                + " inflight=" + maxInFlight + " ackwait=" + ackWaitSeconds + " omitted=" + omittedPercent;
    }

    public static SubscriberPlan read(String line) {
        Map<String, String> fields = new HashMap<>();
        for (String field : line.split(" ", -1)) {
            String[] pair = field.split("=", 2);
            fields.put(pair[0], pair[1]);
        }
        return new SubscriberPlan(
                text(fields, "name"),
                text(fields, "channel"),
                text(fields, "durable"),
                text(fields, "group"),
                Start.valueOf(text(fields, "start")),
                Integer.parseInt(text(fields, "inflight")),
                Integer.parseInt(text(fields, "ackwait")),
                Integer.parseInt(text(fields, "omitted")));
    }

    private static String text(Map<String, String> fields, String key) {
        String value = fields.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no " + key + " in a subscription's line: " + fields);
        }
        return value;
    }
}
