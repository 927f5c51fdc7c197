package io.stanchion.node.leader;

import java.util.function.LongSupplier;

/**
 * Both kinds of time. Ack deadlines are points of the log's clock, and only that tells how far away they are: the wall clock may be
 * anywhere. Intervals are measured by nanos that never jump.
 *
 * @param log what the leader would stamp an entry with now, in Unix nanoseconds
 */
public record Clocks(LongSupplier log, LongSupplier nanos) {
    /** Runs at most a little faster or slower than {@link #monotonicNanos()}. */
    long logNanos() {
        return log.getAsLong();
    }

    long monotonicNanos() {
        return nanos.getAsLong();
    }
}
