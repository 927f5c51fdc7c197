package io.stanchion.chaos.workload;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the channels of the workload may hold, told to the nodes and to the judges.
 *
 * @param messagesMax of each channel
 * @param bytesMax by channel; those that are not here have no such limit
 * @param ageMax by channel; those that are not here have no such limit
 */
public record Limits(long messagesMax, Map<String, Long> bytesMax, Map<String, Duration> ageMax) {
    /** Small enough that a round comes to each of them, and large enough that something is left for the judges. */
    public static final Limits OF_WORKLOAD =
            new Limits(2000, Map.of("heavy", 64L << 10), Map.of("aged", Duration.ofSeconds(20)));

    public Limits {
        bytesMax = Map.copyOf(bytesMax);
        ageMax = Map.copyOf(ageMax);
    }

    public Optional<Long> bytesMaxOf(String channel) {
        return Optional.ofNullable(bytesMax.get(channel));
    }

    public Optional<Duration> ageMaxOf(String channel) {
        return Optional.ofNullable(ageMax.get(channel));
    }

    /** For the configuration file of a node. */
    public String toConfig() {
        String channels = Stream.concat(
                        bytesMax.entrySet().stream()
                                .map(limit -> limit.getKey() + " { max_bytes: " + limit.getValue() + " }"),
                        ageMax.entrySet().stream()
                                .map(limit -> limit.getKey() + " { max_age: \""
                                        + limit.getValue().toSeconds() + "s\" }"))
                .collect(Collectors.joining(", "));
        return "store_limits { max_msgs: " + messagesMax + ", channels { " + channels + " } }";
    }
}
