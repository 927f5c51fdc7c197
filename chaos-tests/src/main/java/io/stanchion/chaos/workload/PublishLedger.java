package io.stanchion.chaos.workload;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * What became of each publish. Messages carry the numbers 0, 1, 2 ... in the order of publishing. Several threads of the client
 * library write here, so everything is behind one lock.
 */
public final class PublishLedger {
    private static final int FAILURES_KEPT = 5;

    private final ReentrantLock lock = new ReentrantLock();
    private final BitSet acknowledged = new BitSet();
    private final List<String> failures = new ArrayList<>();
    private int published;
    private int acknowledgedCount;
    private int failed;
    private long lastSignNanos;
    private long longestPauseNanos;

    /** Called before the publish, so that an acknowledgement never comes as a surprise. */
    void recordPublish() {
        lock.lock();
        try {
            if (published == acknowledgedCount + failed) {
                lastSignNanos = System.nanoTime(); // nothing was owed to us: an idle publisher is not a pause
            }
            published++;
        } finally {
            lock.unlock();
        }
    }

    void recordAcknowledged(int number) {
        lock.lock();
        try {
            acknowledged.set(number);
            acknowledgedCount++;
            recordSign();
        } finally {
            lock.unlock();
        }
    }

    void recordFailure(int number, Throwable cause) {
        lock.lock();
        try {
            failed++;
            if (failures.size() < FAILURES_KEPT) {
                failures.add("message " + number + ": " + cause.getMessage());
            }
            recordSign();
        } finally {
            lock.unlock();
        }
    }

    private void recordSign() {
        long now = System.nanoTime();
        longestPauseNanos = Math.max(longestPauseNanos, now - lastSignNanos);
        lastSignNanos = now;
    }

    public int published() {
        return locked(() -> published);
    }

    public int acknowledgedCount() {
        return locked(() -> acknowledgedCount);
    }

    public int failedCount() {
        return locked(() -> failed);
    }

    /** True when nothing is owed any more. */
    public boolean isSettled() {
        return locked(() -> published - acknowledgedCount - failed) == 0;
    }

    /** The longest time that passed between two answers while at least one was owed. */
    public long longestPauseMillis() {
        lock.lock();
        try {
            return longestPauseNanos / 1_000_000;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the pauses so far. */
    public void resetPause() {
        lock.lock();
        try {
            longestPauseNanos = 0;
        } finally {
            lock.unlock();
        }
    }

    public BitSet acknowledged() {
        lock.lock();
        try {
            return (BitSet) acknowledged.clone();
        } finally {
            lock.unlock();
        }
    }

    /** The first few failures in words. */
    public List<String> failures() {
        lock.lock();
        try {
            return List.copyOf(failures);
        } finally {
            lock.unlock();
        }
    }

    private int locked(IntSupplier read) {
        lock.lock();
        try {
            return read.getAsInt();
        } finally {
            lock.unlock();
        }
    }
}
