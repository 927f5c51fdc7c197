package io.stanchion.node.leader;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One deadline per key, earliest first. Not thread-safe. */
final class Deadlines<K> {
    /** {@link #earliest()} if there is none. */
    static final long NONE = Long.MAX_VALUE;

    private final Map<K, Entry<K>> byKey = new HashMap<>();
    private final TreeSet<Entry<K>> byTime = new TreeSet<>();
    private long entries;

    void set(K key, long nanos) {
        Entry<K> entry = new Entry<>(key, nanos, entries++);
        Entry<K> before = byKey.put(key, entry);
        if (before != null) {
            byTime.remove(before);
        }
        byTime.add(entry);
    }

    void remove(K key) {
        Entry<K> removed = byKey.remove(key);
        if (removed != null) {
            byTime.remove(removed);
        }
    }

    /** The deadline of a key, or {@link #NONE}. */
    long of(K key) {
        Entry<K> entry = byKey.get(key);
        return entry == null ? NONE : entry.nanos;
    }

    /** Removes and returns the earliest key that is due, or null. */
    @Nullable
    K pollDue(long nowNanos) {
        if (earliest() > nowNanos) {
            return null;
        }
        Entry<K> due = byTime.pollFirst();
        if (due == null) {
            return null;
        }
        byKey.remove(due.key);
        return due.key;
    }

    long earliest() {
        return byTime.isEmpty() ? NONE : byTime.first().nanos;
    }

    int size() {
        return byKey.size();
    }

    /** @param number tells entries of one time apart, first come first */
    private record Entry<K>(K key, long nanos, long number) implements Comparable<Entry<K>> {
        @Override
        public int compareTo(Entry<K> other) {
            int byNanos = Long.compare(nanos, other.nanos);
            return byNanos != 0 ? byNanos : Long.compare(number, other.number);
        }
    }
}
