package io.stanchion.gateway.stan;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** How long something took, counted in buckets. Thread-safe; one more costs a few additions. */
public final class LatencyCounts {
    private static final long[] BOUNDS_MICROS = {
        250,
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        30_000_000
    };

    private final LongAdder[] buckets = new LongAdder[BOUNDS_MICROS.length + 1];
    private final LongAdder totalMicros = new LongAdder();

    LatencyCounts() {
        Arrays.setAll(buckets, i -> new LongAdder());
    }

    void add(long nanos) {
        long micros = nanos / 1_000;
        int bucket = 0;
        while (bucket < BOUNDS_MICROS.length && micros > BOUNDS_MICROS[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
        totalMicros.add(micros);
    }

    /** In seconds, the last of them infinite: what is counted under the same index in {@link #counts} took no longer. */
    public static double[] boundsSeconds() {
        double[] bounds = new double[BOUNDS_MICROS.length + 1];
        Arrays.setAll(bounds, i -> i == BOUNDS_MICROS.length ? Double.POSITIVE_INFINITY : BOUNDS_MICROS[i] / 1e6);
        return bounds;
    }

    /** For each bound, how many took longer than the bound before and no longer than this one. */
    public long[] counts() {
        return Arrays.stream(buckets).mapToLong(LongAdder::sum).toArray();
    }

    public double totalSeconds() {
        return totalMicros.sum() / 1e6;
    }
}
