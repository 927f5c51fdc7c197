package io.stanchion.node.raft;

import io.stanchion.raftsm.ratis.DurationMeter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * What something took on average in the last few looks, or takes already if it takes very long: on a disk that does not answer at all
 * nothing ends. Owned by one thread, which looks at regular intervals.
 */
final class RecentMean {
    /** What runs for so long already counts before its end. */
    static final long LONG_MICROS = 1_000_000;

    private static final int LOOKS = 5;

    private final Supplier<DurationMeter> meter;
    private final Deque<Look> looks = new ArrayDeque<>();

    private record Look(long count, long totalNanos) {}

    /** @param meter asked at each look; it may change, and then begins anew */
    RecentMean(Supplier<DurationMeter> meter) {
        this.meter = meter;
    }

    /** In microseconds, 1 at least; 0 if nothing was done. */
    long lookMicros() {
        DurationMeter present = meter.get();
        Look now = new Look(present.count(), present.totalNanos());
        Look latest = looks.peekLast();
        if (latest != null && now.count < latest.count) {
            looks.clear();
        }
        looks.addLast(now);
        if (looks.size() > LOOKS + 1) {
            looks.removeFirst();
        }
        Look oldest = looks.getFirst();
        long done = now.count - oldest.count;
        long mean = done == 0 ? 0 : Math.max(1, (now.totalNanos - oldest.totalNanos) / done / 1_000);
        long running = present.runningNanos() / 1_000;
        return running >= LONG_MICROS ? Math.max(mean, running) : mean;
    }
}
