package io.stanchion.node.raft;

/**
 * How the gateway's batches are cut.
 *
 * @param batchBytesMax size from which a batch takes no more; one message may exceed it
 * @param batchItemsMax messages, acks and other commands in one batch
 * @param batchesInFlightMax batches submitted and not answered
 * @param parkedBytesMax work that may wait, in bytes, before sockets are not read any more
 * @param parkedMillisMax how long work may wait for a leader before it is refused
 */
public record LogSettings(
        int batchBytesMax, int batchItemsMax, int batchesInFlightMax, long parkedBytesMax, long parkedMillisMax) {
    public static final LogSettings DEFAULTS = new LogSettings(256 << 10, 1_000, 3, 64L << 20, 25_000);
}
