package io.stanchion.gateway.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts this node's cluster-wide interest and tells it to the listeners, in order: plain interest when it comes and when it goes,
 * queue groups at every change. The lock is a leaf: listeners only enqueue.
 */
final class Announcements {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Integer> counts = new LinkedHashMap<>();
    private final List<InterestListener> listeners = new ArrayList<>();

    void onSubscribed(LocalInterest interest) {
        change(interest, 1);
    }

    void onClosed(LocalInterest interest) {
        change(interest, -1);
    }

    AutoCloseable listen(InterestListener listener) {
        lock.lock();
        try {
            counts.forEach((key, count) -> listener.onInterest(key.pattern, key.queueGroup, count));
            listeners.add(listener);
        } finally {
            lock.unlock();
        }
        return () -> remove(listener);
    }

    private void change(LocalInterest interest, int by) {
        if (interest.scope() != Scope.CLUSTER) {
            return;
        }
        Key key = new Key(interest.pattern(), interest.queueGroup());
        lock.lock();
        try {
            int count = counts.getOrDefault(key, 0) + by;
            if (count == 0) {
                counts.remove(key);
            } else {
                counts.put(key, count);
            }
            if (key.queueGroup != null || count == 0 || (count == 1 && by == 1)) {
                listeners.forEach(listener -> listener.onInterest(key.pattern, key.queueGroup, count));
            }
        } finally {
            lock.unlock();
        }
    }

    private void remove(InterestListener listener) {
        lock.lock();
        try {
            listeners.remove(listener);
        } finally {
            lock.unlock();
        }
    }

    private record Key(Subject pattern, @Nullable Subject queueGroup) {}
}
