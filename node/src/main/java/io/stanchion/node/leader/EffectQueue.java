package io.stanchion.node.leader;

import io.stanchion.raftsm.effect.Effect;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Effects of entries, in log order, from the apply thread to the leader's. It is bounded while its reader {@link #bound(boolean) may deliver}.
 * A reader that may not waits for the log, and so for apply: then it takes everything, which the windows of subscriptions bound. Thread-safe.
 */
final class EffectQueue {
    private final int max;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition roomy = lock.newCondition();
    private final ArrayDeque<List<Effect>> entries = new ArrayDeque<>();
    private volatile boolean bounded = true;

    EffectQueue(int max) {
        this.max = max;
    }

    /** Waits for room, if it must, for so long at most. Returns false, and has taken nothing, if there was none. */
    boolean offer(List<Effect> ofOneEntry, long timeout, TimeUnit unit) throws InterruptedException {
        long nanos = unit.toNanos(timeout);
        lock.lockInterruptibly();
        try {
            while (bounded && entries.size() >= max) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = roomy.awaitNanos(nanos);
            }
            add(ofOneEntry);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the bound holds. */
    void bound(boolean holds) {
        if (holds == bounded) {
            return;
        }
        lock.lock();
        try {
            bounded = holds;
            roomy.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the wait of who {@link #poll(long) polls}; if there is something, he does not wait. */
    void wake() {
        lock.lock();
        try {
            if (entries.isEmpty()) {
                add(List.of());
            }
        } finally {
            lock.unlock();
        }
    }

    private void add(List<Effect> ofOneEntry) {
        entries.add(ofOneEntry);
        filled.signal();
    }

    /** Waits for so long at most; null if nothing has come. */
    @Nullable
    List<Effect> poll(long timeoutNanos) throws InterruptedException {
        long nanos = timeoutNanos;
        lock.lockInterruptibly();
        try {
            while (entries.isEmpty() && nanos > 0) {
                nanos = filled.awaitNanos(nanos);
            }
            return take();
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    List<Effect> poll() {
        lock.lock();
        try {
            return take();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable List<Effect> take() {
        List<Effect> next = entries.poll();
        if (entries.size() < max) {
            roomy.signal();
        }
        return next;
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return entries.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
