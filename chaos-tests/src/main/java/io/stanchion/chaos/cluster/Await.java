package io.stanchion.chaos.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for things that happen in other processes, where nobody can call us back. */
public final class Await {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Await() {}

    /** True as soon as the condition holds, false when the time is over or the thread is interrupted. */
    public static boolean tryUntil(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return true;
    }

    /** Returns when the condition holds; fails with a sentence made of {@code what} otherwise. */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        if (!tryUntil(limit, condition)) {
            throw new ClusterException("waited " + limit.toMillis() + " ms in vain: " + what);
        }
    }
}
