package io.stanchion.chaos.nemesis;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** How long a fault lasts. */
final class Hold {
    private Hold() {}

    /** Lets a drawn time between the two pass. */
    static void between(long leastMillis, long mostMillis, RandomGenerator random) throws InterruptedException {
        millis(random.nextLong(leastMillis, mostMillis + 1));
    }

    static void millis(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
