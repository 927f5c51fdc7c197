package io.stanchion.node.peer;

import java.time.Instant;

/** The time that this node tells the others. */
final class WallClock {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private WallClock() {}

    static long nanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    }
}
