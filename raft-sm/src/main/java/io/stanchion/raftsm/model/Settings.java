package io.stanchion.raftsm.model;

import io.stanchion.proto.command.SettingsProto;

/** What the operator decided, as far as apply must know it. 0 is unlimited for every limit. */
public record Settings(
        long maxChannels,
        long maxSubscriptions,
        long maxMessages,
        long maxBytes,
        long maxAgeNanos,
        int heartbeatFailCount,
        boolean replaceDurable) {

    /** Before the first leader has said anything. */
    public static final Settings NONE = new Settings(0, 0, 0, 0, 0, 0, false);

    public static Settings from(SettingsProto proto) {
        return new Settings(
                proto.getMaxChannels(),
                proto.getMaxSubscriptions(),
                proto.getMaxMessages(),
                proto.getMaxBytes(),
                proto.getMaxAgeNanos(),
                proto.getHeartbeatFailCount(),
                proto.getReplaceDurable());
    }

    public SettingsProto toProto() {
        return SettingsProto.newBuilder()
                .setMaxChannels(maxChannels)
                .setMaxSubscriptions(maxSubscriptions)
                .setMaxMessages(maxMessages)
                .setMaxBytes(maxBytes)
                .setMaxAgeNanos(maxAgeNanos)
                .setHeartbeatFailCount(heartbeatFailCount)
                .setReplaceDurable(replaceDurable)
                .build();
    }

    boolean limitMessages() {
        return maxMessages > 0 || maxBytes > 0 || maxAgeNanos > 0;
    }
}
