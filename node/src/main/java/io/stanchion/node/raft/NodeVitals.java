package io.stanchion.node.raft;

import io.stanchion.proto.peer.Vitals;

/**
 * How a node fares, by its own account.
 *
 * @param uptimeMillis since its process started
 * @param syncMicros what an fsync of its Raft log took lately; 0 if there was none
 * @param applyMicros the same of the application of an entry
 * @param stopping it wants no leadership any more
 */
public record NodeVitals(long uptimeMillis, long syncMicros, long applyMicros, boolean stopping) {
    public static final NodeVitals UNKNOWN = new NodeVitals(0, 0, 0, false);

    public static NodeVitals of(Vitals told) {
        return new NodeVitals(told.getUptimeMillis(), told.getSyncMicros(), told.getApplyMicros(), told.getStopping());
    }

    public Vitals toProto() {
        return Vitals.newBuilder()
                .setUptimeMillis(uptimeMillis)
                .setSyncMicros(syncMicros)
                .setApplyMicros(applyMicros)
                .setStopping(stopping)
                .build();
    }
}
