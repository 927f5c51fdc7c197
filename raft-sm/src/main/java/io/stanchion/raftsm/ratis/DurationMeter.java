package io.stanchion.raftsm.ratis;

import java.util.concurrent.atomic.LongAdder;

/** How often something was done, and how long that took in all. Thread-safe, and costs next to nothing. */
public final class DurationMeter {
    private final LongAdder count = new LongAdder();
    private final LongAdder totalNanos = new LongAdder();

    public void add(long nanos) {
        totalNanos.add(nanos);
        count.increment();
    }

    public long count() {
        return count.sum();
    }

    public long totalNanos() {
        return totalNanos.sum();
    }
}
