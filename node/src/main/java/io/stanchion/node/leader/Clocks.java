package io.stanchion.node.leader;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Both kinds of time. Ack deadlines are points of the log's clock, which follows the wall clock of the leader; intervals are measured
 * by nanos that never jump.
 */
public record Clocks(InstantSource wall, LongSupplier nanos) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    public static Clocks system() {
        return new Clocks(Clock.systemUTC(), System::nanoTime);
    }

    /** Unix nanoseconds, as the leader stamps entries. */
    long wallNanos() {
        Instant now = wall.instant();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    }

    long monotonicNanos() {
        return nanos.getAsLong();
    }
}
