package io.stanchion.raftsm.store;

import io.stanchion.raftsm.model.Changes.PutRun;
import io.stanchion.raftsm.model.RunIndex.Run;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one channel's runs without asking RocksDB.
 *
 * <p>Invariant: the runs in memory are the newest of the channel, without gaps; every older one is in RocksDB. So whoever misses a run
 * here, and looks into RocksDB afterwards, finds it there.
 */
final class StoredChannel {
    /**
     * What a run takes in memory besides its records: itself, a ByteString and an array, a node of the skip list and its key, places in
     * queues. Together that is about 150 bytes, and half as much again where references have 8 bytes. It counts because records may be
     * small: 32 MiB of records of 20 bytes, a run each, once took 423 MiB.
     */
    static final long RUN_OVERHEAD_BYTES = 256;

    private final ConcurrentNavigableMap<Long, PutRun> recent = new ConcurrentSkipListMap<>();

    /** Written by the apply thread, read by any. */
    private volatile long first;

    private volatile long last;

    /** Headers of written runs, one behind the other, that trimming and the search by time will want next. */
    private volatile List<Run> ahead = List.of();

    StoredChannel(long first, long last) {
        this.first = first;
        this.last = last;
    }

    /** Readers see nothing below. */
    long first() {
        return first;
    }

    long last() {
        return last;
    }

    void add(PutRun run) {
        recent.put(run.first(), run);
        last = run.first() + run.count() - 1;
    }

    void trim(long newFirst) {
        first = newFirst;
        Map.Entry<Long, PutRun> oldest = recent.firstEntry();
        while (oldest != null && lastOf(oldest.getValue()) < newFirst) {
            recent.remove(oldest.getKey());
            oldest = recent.firstEntry();
        }
    }

    /** The run is written and may be forgotten. The oldest goes first. */
    void forget(PutRun run) {
        recent.remove(run.first(), run);
    }

    /** The oldest run in memory, or null. */
    @Nullable
    PutRun oldestRecent() {
        Map.Entry<Long, PutRun> oldest = recent.firstEntry();
        return oldest == null ? null : oldest.getValue();
    }

    /** The run in memory that holds this sequence, or null. */
    @Nullable
    PutRun recentAt(long sequence) {
        Map.Entry<Long, PutRun> entry = recent.floorEntry(sequence);
        return entry == null || lastOf(entry.getValue()) < sequence ? null : entry.getValue();
    }

    /** The first run in memory, at or behind {@code from}, that is not older than this. */
    @Nullable
    PutRun recentSince(long from, long timestampNanos) {
        Long start = recent.floorKey(from);
        for (PutRun run : (start == null ? recent : recent.tailMap(start)).values()) {
            if (lastOf(run) >= from && run.timestampNanos() >= timestampNanos) {
                return run;
            }
        }
        return null;
    }

    /** The headers kept last, if they begin at or before this sequence and go beyond it; otherwise nothing. */
    List<Run> ahead(long sequence) {
        List<Run> kept = ahead;
        return !kept.isEmpty()
                        && kept.get(0).first() <= sequence
                        && kept.get(kept.size() - 1).last() >= sequence
                ? kept
                : List.of();
    }

    void keepAhead(List<Run> headers) {
        ahead = headers;
    }

    /** What a run counts against a limit of memory. */
    static long bytesOf(PutRun run) {
        return RUN_OVERHEAD_BYTES + run.records().size();
    }

    static long lastOf(PutRun run) {
        return run.first() + run.count() - 1;
    }
}
