package io.stanchion.node;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Whether requests from outside may go to the log. While it is not clear that this node still leads, or the log is full, they wait where
 * they are; once it is clear that it does not, they are dropped: another leader has got them too. Thread-safe.
 */
final class Admission {
    private final BooleanSupplier clear;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean open;

    /** @param clear whether requests need not wait; whoever changes that calls {@link #look} */
    Admission(BooleanSupplier clear) {
        this.clear = clear;
    }

    boolean isOpen() {
        return open;
    }

    void open() {
        open = true;
        look();
    }

    void close() {
        open = false;
        look();
    }

    /** Those who wait look again. */
    void look() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until one may go on; false if never. */
    boolean await() {
        if (open && clear.getAsBoolean()) {
            return true;
        }
        lock.lock();
        try {
            while (open && !clear.getAsBoolean()) {
                var unused = changed.await(1, TimeUnit.SECONDS);
            }
            return open;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is open. */
    void awaitOpen() throws InterruptedException {
        lock.lock();
        try {
            while (!open) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }
}
