package io.stanchion.raftsm.model;

import io.stanchion.proto.command.ChannelLimitsProto;

/** What one channel may hold, and for how long. 0 is unlimited for each. */
public record ChannelLimits(
        long maxSubscriptions, long maxMessages, long maxBytes, long maxAgeNanos, long maxInactivityNanos) {
    public static final ChannelLimits NONE = new ChannelLimits(0, 0, 0, 0, 0);

    static ChannelLimits from(ChannelLimitsProto proto) {
        return new ChannelLimits(
                proto.getMaxSubscriptions(),
                proto.getMaxMessages(),
                proto.getMaxBytes(),
                proto.getMaxAgeNanos(),
                proto.getMaxInactivityNanos());
    }

    ChannelLimitsProto toProto(ChannelPattern pattern) {
        return ChannelLimitsProto.newBuilder()
                .setPattern(pattern.text())
                .setMaxSubscriptions(maxSubscriptions)
                .setMaxMessages(maxMessages)
                .setMaxBytes(maxBytes)
                .setMaxAgeNanos(maxAgeNanos)
                .setMaxInactivityNanos(maxInactivityNanos)
                .build();
    }

    boolean limitMessages() {
        return maxMessages > 0 || maxBytes > 0 || maxAgeNanos > 0;
    }
}
