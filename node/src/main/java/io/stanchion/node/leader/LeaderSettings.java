package io.stanchion.node.leader;

import io.stanchion.proto.command.SettingsProto;
import java.util.concurrent.TimeUnit;

/**
 * A node's own settings for the time when it leads.
 *
 * @param machine proposed at the start of each term, in force for all nodes from then on
 * @param graceMillis from being ready to taking over: gateways send the acks that they parked, and what is acked is not sent again
 * @param tickMillis how often the log's clock is moved if messages have an age limit
 * @param electionMillisMin nobody stands for election before he has missed the leader for so long
 * @param effectsMax entries whose effects may wait, and deliveries that may be under way; beyond that apply waits
 */
public record LeaderSettings(
        SettingsProto machine,
        long graceMillis,
        long tickMillis,
        long heartbeatIntervalMillis,
        long heartbeatTimeoutMillis,
        long electionMillisMin,
        int effectsMax) {
    public static final long GRACE_MILLIS = 100;
    public static final long TICK_MILLIS = 1_000;
    public static final int EFFECTS_MAX = 4_096;

    public static LeaderSettings of(
            SettingsProto machine, long heartbeatIntervalMillis, long heartbeatTimeoutMillis, long electionMillisMin) {
        return new LeaderSettings(
                machine,
                GRACE_MILLIS,
                TICK_MILLIS,
                heartbeatIntervalMillis,
                heartbeatTimeoutMillis,
                electionMillisMin,
                EFFECTS_MAX);
    }

    /** Who was away for longer may have missed an election. */
    long standstillNanos() {
        return TimeUnit.MILLISECONDS.toNanos(electionMillisMin) * 5 / 6;
    }
}
