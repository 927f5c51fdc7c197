package io.stanchion.raftsm.store;

import io.stanchion.raftsm.model.Changes.PutRun;
import io.stanchion.raftsm.model.Changes.Trim;
import io.stanchion.raftsm.model.RunIndex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * All runs of all channels: the newest in memory, written or not, and the others in RocksDB. Runs are added and trimmed by the apply
 * thread, forgotten by the writer, and read by anybody.
 */
public final class RunStore implements RunIndex, MessageReader {
    /** The channel is gone, not just what it held. */
    static final long CHANNEL_GONE = Long.MAX_VALUE;

    private static final long PAGE_BYTES = 1 << 20;
    private static final long READAHEAD_BYTES = 2 << 20;
    private static final long LONG_READ_MESSAGES = 1_000;

    /** So many headers, or of runs of so many bytes, are read at a time. */
    private static final int AHEAD_RUNS = 64;

    private static final long AHEAD_BYTES = 256 << 10;

    private final Database database;
    private final long recentBytesMax;
    private final ReadCache readCache;
    private final ConcurrentHashMap<Long, StoredChannel> channels = new ConcurrentHashMap<>();

    /** Runs that are written and still in memory, oldest first. Owned by the writer. */
    private final ArrayDeque<PutRun> written = new ArrayDeque<>();

    private long writtenBytes;

    RunStore(Database database, StoreSettings settings) {
        this.database = database;
        recentBytesMax = settings.recentBytes();
        readCache = new ReadCache(settings.readCacheBytes());
    }

    /** A channel found in the database. */
    void restore(long channelId, long first, long last) {
        channels.put(channelId, new StoredChannel(first, last));
    }

    /** From now on these messages can be read. They stay in memory until they are {@link #written}. */
    void add(PutRun run) {
        channels.computeIfAbsent(run.channelId(), id -> new StoredChannel(1, 0)).add(run);
    }

    /** Messages below are not read any more, wherever they are. */
    void trim(Trim trim) {
        StoredChannel channel =
                trim.newFirst() == CHANNEL_GONE ? channels.remove(trim.channelId()) : channels.get(trim.channelId());
        if (channel != null) {
            channel.trim(trim.newFirst());
        }
    }

    /** The writer has written these. */
    void written(List<PutRun> runs) {
        for (PutRun run : runs) {
            written.add(run);
            writtenBytes += StoredChannel.bytesOf(run);
        }
        while (writtenBytes > recentBytesMax) {
            PutRun oldest = written.remove();
            writtenBytes -= StoredChannel.bytesOf(oldest);
            StoredChannel channel = channels.get(oldest.channelId());
            if (channel != null) {
                channel.forget(oldest);
            }
        }
    }

    boolean isKnown(long channelId) {
        return channels.containsKey(channelId);
    }

    /** The first sequence of a channel that can be read; 1 if the channel is unknown. May be called from any thread. */
    public long first(long channelId) {
        StoredChannel channel = channels.get(channelId);
        return channel == null ? 1 : channel.first();
    }

    /** The last sequence of a channel; 0 if the channel is unknown. May be called from any thread. */
    public long last(long channelId) {
        StoredChannel channel = channels.get(channelId);
        return channel == null ? 0 : channel.last();
    }

    // What apply asks

    @Override
    public @Nullable Run runAt(long channelId, long sequence) {
        StoredChannel channel = channels.get(channelId);
        if (channel == null) {
            return null;
        }
        PutRun recent = channel.recentAt(sequence);
        if (recent != null) {
            return summary(recent);
        }
        PutRun oldestRecent = channel.oldestRecent();
        Run found = null;
        if (oldestRecent == null || sequence < oldestRecent.first()) {
            found = writtenAt(channel, channelId, sequence);
        }
        if (oldestRecent == null || sequence > oldestRecent.first()) {
            return found;
        }
        return found != null && found.first() < oldestRecent.first() ? found : summary(oldestRecent);
    }

    private @Nullable Run writtenAt(StoredChannel channel, long channelId, long sequence) {
        for (Run run : writtenFrom(channel, channelId, sequence)) {
            if (run.last() >= sequence) {
                return run;
            }
        }
        return null;
    }

    /** Headers from the run that holds {@code sequence} on, and perhaps of some before it. Trimming comes back for the next ones. */
    private List<Run> writtenFrom(StoredChannel channel, long channelId, long sequence) {
        List<Run> known = channel.ahead(sequence);
        if (!known.isEmpty()) {
            return known;
        }
        List<Run> headers = new ArrayList<>();
        long bytes = 0;
        Lock open = database.use();
        try (RunCursor cursor = database.cursor(channelId, 0)) {
            for (boolean more = cursor.seek(sequence);
                    more && headers.size() < AHEAD_RUNS && bytes < AHEAD_BYTES;
                    more = cursor.next()) {
                Run run = cursor.run();
                headers.add(run);
                bytes += run.bytes();
            }
        } finally {
            open.unlock();
        }
        channel.keepAhead(headers);
        return headers;
    }

    @Override
    public @Nullable Run firstRunSince(long channelId, long fromSequence, long timestampNanos) {
        StoredChannel channel = channels.get(channelId);
        if (channel == null) {
            return null;
        }
        PutRun recent = channel.recentSince(fromSequence, timestampNanos);
        if (recent != null && recent.first() <= fromSequence) {
            return summary(recent);
        }
        // Whatever leaves memory meanwhile is found here; whatever is still unwritten was looked at above.
        long end = recent == null ? channel.last() : recent.first() - 1;
        Run written = writtenSince(channel, channelId, fromSequence, end, timestampNanos);
        return written != null || recent == null ? written : summary(recent);
    }

    /** Trimming by age finds it among the next few runs. Otherwise: timestamps never go back within a channel, so halve the range. */
    private @Nullable Run writtenSince(StoredChannel channel, long channelId, long from, long to, long timestampNanos) {
        long low = from;
        for (Run run : from > to ? List.<Run>of() : writtenFrom(channel, channelId, from)) {
            if (run.last() >= from && run.timestampNanos() >= timestampNanos) {
                return run.first() <= to ? run : null;
            }
            low = Math.max(low, run.last() + 1);
        }
        return low > to ? null : searchSince(channelId, low, to, timestampNanos);
    }

    private @Nullable Run searchSince(long channelId, long from, long to, long timestampNanos) {
        Lock open = database.use();
        try (RunCursor cursor = database.cursor(channelId, 0)) {
            Run found = null;
            long low = from;
            long high = to;
            while (low <= high) {
                long middle = low + (high - low) / 2;
                Run run = cursor.seek(middle) ? cursor.run() : null;
                if (run == null || run.first() > high) {
                    high = middle - 1;
                } else if (run.timestampNanos() >= timestampNanos) {
                    found = run;
                    high = Math.min(run.first(), middle) - 1;
                } else {
                    low = run.last() + 1;
                }
            }
            return found;
        } finally {
            open.unlock();
        }
    }

    private static Run summary(PutRun run) {
        return new Run(
                run.first(), run.count(), run.timestampNanos(), run.records().size());
    }

    // Reading

    @Override
    public void read(long channelId, long first, long last, Sink sink) {
        StoredChannel channel = channels.get(channelId);
        long next = first;
        while (channel != null) {
            next = Math.max(next, channel.first());
            long end = Math.min(last, channel.last());
            if (next > end) {
                return;
            }
            for (PutRun run : page(channel, channelId, next, end)) {
                RunValue.forEach(run, next, end, sink);
                next = Math.max(next, StoredChannel.lastOf(run) + 1);
            }
        }
    }

    /** The next runs, at least one unless the messages were trimmed meanwhile. Memory is asked first: see {@link StoredChannel}. */
    private List<PutRun> page(StoredChannel channel, long channelId, long next, long end) {
        PutRun known = channel.recentAt(next);
        if (known == null) {
            known = readCache.at(channelId, next);
        }
        if (known != null) {
            return List.of(known);
        }
        List<PutRun> page = writtenPage(channelId, next, end);
        if (!page.isEmpty() && StoredChannel.lastOf(page.get(page.size() - 1)) > end) {
            readCache.add(page.get(page.size() - 1));
        }
        boolean isMissing = page.isEmpty() || page.get(0).first() > next;
        if (isMissing && next >= channel.first()) {
            throw new CorruptMessageException("message " + next + " of channel " + channelId + " is missing");
        }
        return isMissing ? List.of() : page;
    }

    private List<PutRun> writtenPage(long channelId, long next, long end) {
        List<PutRun> page = new ArrayList<>();
        long bytes = 0;
        long expected = next;
        Lock open = database.use();
        try (RunCursor cursor = database.cursor(channelId, end - next > LONG_READ_MESSAGES ? READAHEAD_BYTES : 0)) {
            for (boolean more = cursor.seek(next);
                    more && expected <= end && bytes < PAGE_BYTES;
                    more = cursor.next()) {
                PutRun run = cursor.read();
                if (!page.isEmpty() && run.first() != expected) {
                    break; // the next round finds out whether this is a hole
                }
                page.add(run);
                bytes += StoredChannel.bytesOf(run);
                expected = StoredChannel.lastOf(run) + 1;
            }
            return page;
        } finally {
            open.unlock();
        }
    }
}
