package io.stanchion.node.raft;

/**
 * How the gateway's batches are cut.
 *
 * @param batchBytesMax size from which a batch takes no more; one message may exceed it
 * @param batchItemsMax messages, acks and other commands in one batch
 * @param batchesInFlightMax batches submitted and not answered, {@link #BATCHES_IN_FLIGHT_LIMIT} at most
 * @param parkedBytesMax work that may wait, in bytes, before sockets are not read any more
 * @param parkedMillisMax how long work may wait for a leader before it is refused
 */
public record LogSettings(
        int batchBytesMax, int batchItemsMax, int batchesInFlightMax, long parkedBytesMax, long parkedMillisMax) {
    /** The machine remembers its answers to so many batches of a gateway. One more, and a lost answer could never be had again. */
    static final int BATCHES_IN_FLIGHT_LIMIT = 8;

    public static final LogSettings DEFAULTS = new LogSettings(256 << 10, 1_000, 3, 64L << 20, 25_000);

    public LogSettings {
        if (batchesInFlightMax < 1 || batchesInFlightMax > BATCHES_IN_FLIGHT_LIMIT) {
            throw new IllegalArgumentException(
                    "batches in flight: " + batchesInFlightMax + " is not in 1.." + BATCHES_IN_FLIGHT_LIMIT);
        }
    }
}
