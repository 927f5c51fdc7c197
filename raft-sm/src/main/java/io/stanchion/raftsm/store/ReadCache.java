package io.stanchion.raftsm.store;

import io.stanchion.raftsm.model.Changes.PutRun;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs that were read from disk and not read to their end: a subscriber with a small window comes back for the next messages of the same
 * run again and again. Thread-safe; the run that came first goes first.
 */
final class ReadCache {
    private record Key(long channelId, long first) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparingLong(Key::channelId).thenComparingLong(Key::first);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Key, PutRun> runs = new TreeMap<>();
    private final ArrayDeque<Key> order = new ArrayDeque<>();
    private long bytes;

    ReadCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Nullable
    PutRun at(long channelId, long sequence) {
        lock.lock();
        try {
            Map.Entry<Key, PutRun> entry = runs.floorEntry(new Key(channelId, sequence));
            return entry != null
                            && entry.getKey().channelId == channelId
                            && StoredChannel.lastOf(entry.getValue()) >= sequence
                    ? entry.getValue()
                    : null;
        } finally {
            lock.unlock();
        }
    }

    void add(PutRun run) {
        Key key = new Key(run.channelId(), run.first());
        lock.lock();
        try {
            if (StoredChannel.bytesOf(run) <= bytesMax && runs.putIfAbsent(key, run) == null) {
                order.add(key);
                bytes += StoredChannel.bytesOf(run);
            }
            while (bytes > bytesMax) {
                PutRun oldest = runs.remove(order.remove());
                bytes -= oldest == null ? 0 : StoredChannel.bytesOf(oldest);
            }
        } finally {
            lock.unlock();
        }
    }
}
