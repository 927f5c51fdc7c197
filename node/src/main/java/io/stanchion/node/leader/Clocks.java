package io.stanchion.node.leader;

import java.util.function.LongSupplier;

/**
 * All kinds of time. Ack deadlines are points of the log's clock, and only that tells how far away they are: the wall clock may be
 * anywhere. Intervals are measured by nanos that never jump, and that stand still while the machine is suspended; the wall clock does not.
 *
 * @param log what the leader would stamp an entry with now, in Unix nanoseconds
 */
public record Clocks(LongSupplier log, LongSupplier nanos, LongSupplier wall) {
    /** Runs at most a little faster or slower than {@link #monotonicNanos()}. */
    long logNanos() {
        return log.getAsLong();
    }

    long monotonicNanos() {
        return nanos.getAsLong();
    }

    long wallMillis() {
        return wall.getAsLong();
    }
}
