package io.stanchion.node.peer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What the wall clocks of the other nodes show, as far as they have told lately; less the time that it took to tell. Thread-safe. */
public final class PeerClocks {
    /** Clocks are told every second. What a node that is gone has told may be right, but nobody watches it any more. */
    private static final long FORGOTTEN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoTime;
    private final Map<String, Reading> readings = new ConcurrentHashMap<>();

    private record Reading(long wallNanos, long monotonicNanos) {}

    /** @param nanoTime a monotonic clock, as System.nanoTime */
    PeerClocks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void heard(String nodeId, long wallNanos) {
        if (wallNanos > 0) { // an older version does not tell
            readings.put(nodeId, new Reading(wallNanos, nanoTime.getAsLong()));
        }
    }

    void forget(String nodeId) {
        readings.remove(nodeId);
    }

    /** Unix nanoseconds, one for each node that is known, in no order. */
    public List<Long> now() {
        long now = nanoTime.getAsLong();
        return readings.values().stream()
                .filter(reading -> now - reading.monotonicNanos < FORGOTTEN_NANOS)
                .map(reading -> reading.wallNanos + now - reading.monotonicNanos)
                .toList();
    }
}
