package io.stanchion.node.config;

import io.stanchion.gateway.external.ExternalNatsConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * The streaming service of a node.
 *
 * @param directory for all data of this node
 * @param directoryPlace where the operator wrote it, for messages
 * @param ackWaitMillis ack waits below 0 are taken, as milliseconds
 */
public record StreamingConfig(
        String clusterId,
        Path directory,
        String directoryPlace,
        String discoverPrefix,
        boolean replaceDurable,
        boolean ackWaitMillis,
        Heartbeats heartbeats,
        Limits limits,
        LogBudget log,
        Disk disk,
        EncryptionConfig encryption,
        ExternalNatsConfig external) {

    /** The server's heartbeats to its clients. */
    public record Heartbeats(long intervalMillis, long timeoutMillis, int failCount) {}

    /**
     * 0 is unlimited for every limit. All but the first are per channel.
     *
     * @param special for channels that have their own, the most specific pattern first
     */
    public record Limits(
            int channelsMax,
            int subscriptionsMax,
            long messagesMax,
            long bytesMax,
            long ageNanosMax,
            long inactivityNanosMax,
            List<ChannelLimits> special) {}

    /** All limits of the channels that a pattern stands for, if no other pattern is more specific. */
    public record ChannelLimits(
            String pattern,
            long subscriptionsMax,
            long messagesMax,
            long bytesMax,
            long ageNanosMax,
            long inactivityNanosMax) {}

    /**
     * What one node may put into the log.
     *
     * @param batchBytesMax of one entry
     * @param batchCommandsMax in one entry
     * @param batchesInFlightMax sent and not answered
     * @param parkedBytesMax waiting to be sent
     * @param diskBytes of the Raft log, which is cut behind snapshots to stay below
     */
    public record LogBudget(
            long batchBytesMax, int batchCommandsMax, int batchesInFlightMax, long parkedBytesMax, long diskBytes) {}

    /**
     * What is done about a disk that fills up or goes bad.
     *
     * @param freeBytesMin nothing can be published while less is free on the disks of a majority; 0 to publish in any case
     * @param scrubIntervalMillis between two readings of all data; 0 for none
     * @param scrubBytesPerSecond how fast it is read then
     * @param cutsDamagedEnd whether the log is cut off at damage in what was written last, instead of refused
     */
    public record Disk(long freeBytesMin, long scrubIntervalMillis, long scrubBytesPerSecond, boolean cutsDamagedEnd) {}
}
