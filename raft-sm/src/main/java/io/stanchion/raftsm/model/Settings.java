package io.stanchion.raftsm.model;

import io.stanchion.proto.command.SettingsProto;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the operator decided, as far as apply must know it.
 *
 * @param maxChannels 0 is unlimited
 * @param common for channels that no pattern stands for
 * @param special by pattern, each with all limits that are in force; the first that fits a channel counts
 * @param ackWaitMillis ack waits below 0 are allowed, and are milliseconds
 */
public record Settings(
        long maxChannels,
        ChannelLimits common,
        TreeMap<ChannelPattern, ChannelLimits> special,
        int heartbeatFailCount,
        boolean replaceDurable,
        boolean ackWaitMillis) {

    /** Before the first leader has said anything. */
    public static final Settings NONE = new Settings(0, ChannelLimits.NONE, new TreeMap<>(), 0, false, false);

    public static Settings from(SettingsProto proto) {
        TreeMap<ChannelPattern, ChannelLimits> special = new TreeMap<>();
        proto.getChannelLimitsList()
                .forEach(limits -> special.put(ChannelPattern.of(limits.getPattern()), ChannelLimits.from(limits)));
        return new Settings(
                proto.getMaxChannels(),
                new ChannelLimits(
                        proto.getMaxSubscriptions(),
                        proto.getMaxMessages(),
                        proto.getMaxBytes(),
                        proto.getMaxAgeNanos(),
                        proto.getMaxInactivityNanos()),
                special,
                proto.getHeartbeatFailCount(),
                proto.getReplaceDurable(),
                proto.getAckWaitMillis());
    }

    public SettingsProto toProto() {
        SettingsProto.Builder proto = SettingsProto.newBuilder()
                .setMaxChannels(maxChannels)
                .setMaxSubscriptions(common.maxSubscriptions())
                .setMaxMessages(common.maxMessages())
                .setMaxBytes(common.maxBytes())
                .setMaxAgeNanos(common.maxAgeNanos())
                .setMaxInactivityNanos(common.maxInactivityNanos())
                .setHeartbeatFailCount(heartbeatFailCount)
                .setReplaceDurable(replaceDurable)
                .setAckWaitMillis(ackWaitMillis);
        special.forEach((pattern, limits) -> proto.addChannelLimits(limits.toProto(pattern)));
        return proto.build();
    }

    /** Those of the most specific pattern that fits. */
    public ChannelLimits limitsOf(String channel) {
        if (special.isEmpty()) {
            return common;
        }
        ChannelPattern name = ChannelPattern.of(channel);
        for (Map.Entry<ChannelPattern, ChannelLimits> entry : special.entrySet()) {
            if (entry.getKey().covers(name)) {
                return entry.getValue();
            }
        }
        return common;
    }
}
