package io.stanchion.raftsm.ratis;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** How often something was done, and how long that took in all. Thread-safe, and costs next to nothing. */
public final class DurationMeter {
    private final LongSupplier nanoTime;
    private final LongAdder count = new LongAdder();
    private final LongAdder totalNanos = new LongAdder();
    private volatile long begunNanos;
    private volatile boolean isRunning;

    public DurationMeter() {
        this(System::nanoTime);
    }

    public DurationMeter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public void add(long nanos) {
        totalNanos.add(nanos);
        count.increment();
    }

    /**
     * It begins; only for what is done by one thread at a time.
     *
     * @return to be asked once, at its end, for how long it took
     */
    public LongSupplier begin() {
        long begun = nanoTime.getAsLong();
        begunNanos = begun;
        isRunning = true;
        return () -> {
            isRunning = false;
            long took = nanoTime.getAsLong() - begun;
            add(took);
            return took;
        };
    }

    /** How long the one takes already that has begun and not ended; 0 if there is none. */
    public long runningNanos() {
        return isRunning ? Math.max(0, nanoTime.getAsLong() - begunNanos) : 0;
    }

    public long count() {
        return count.sum();
    }

    public long totalNanos() {
        return totalNanos.sum();
    }
}
