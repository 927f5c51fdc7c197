package io.stanchion.raftsm.store;

import io.stanchion.raftsm.model.Changes.Trim;
import io.stanchion.raftsm.model.RunIndex.Run;
import java.util.HashMap;
import java.util.Map;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Deletes what was trimmed, a range at a time. Every range delete slows down all later reads around it, so small trims are put off until
 * they are worth one, or until the next flush. Nobody sees the difference: readers never look below a channel's first sequence.
 * Owned by the writer.
 */
final class Trimmer {
    private final Database database;
    private final RunStore runs;
    private final long messagesMin;
    private final Map<Long, Trimmed> trimmed = new HashMap<>();

    /** Everything below {@code deletedBelow} is deleted; everything below {@code first} may be. */
    private record Trimmed(long deletedBelow, long first) {}

    Trimmer(Database database, RunStore runs, long messagesMin) {
        this.database = database;
        this.runs = runs;
        this.messagesMin = messagesMin;
    }

    /** A channel found in the database. What was trimmed before may not have been deleted. */
    void restore(long channelId, long first) {
        trimmed.put(channelId, new Trimmed(0, first));
    }

    void trim(Trim trim, WriteBatch batch) throws RocksDBException {
        long channelId = trim.channelId();
        if (trim.newFirst() == RunStore.CHANNEL_GONE) {
            trimmed.remove(channelId);
            batch.deleteRange(database.messages(), Keys.channelStart(channelId), Keys.channelEnd(channelId));
            return;
        }
        Trimmed known = trimmed.getOrDefault(channelId, new Trimmed(0, 1));
        Trimmed now = new Trimmed(known.deletedBelow, trim.newFirst());
        boolean isWorthIt = now.first - Math.max(1, now.deletedBelow) >= messagesMin;
        trimmed.put(channelId, isWorthIt ? delete(channelId, now, batch) : now);
    }

    /** Deletes all that was put off. */
    void trimAll(WriteBatch batch) throws RocksDBException {
        for (Map.Entry<Long, Trimmed> entry : trimmed.entrySet()) {
            Trimmed known = entry.getValue();
            if (known.first > Math.max(1, known.deletedBelow)) {
                entry.setValue(delete(entry.getKey(), known, batch));
            }
        }
    }

    /** The run that holds the first sequence stays whole. */
    private Trimmed delete(long channelId, Trimmed known, WriteBatch batch) throws RocksDBException {
        Run holding = runs.runAt(channelId, known.first);
        if (holding == null && !runs.isKnown(channelId)) {
            return known; // the channel is gone, and all of it goes together with its row
        }
        long below = holding == null ? known.first : Math.min(known.first, holding.first());
        if (below > known.deletedBelow) {
            batch.deleteRange(database.messages(), Keys.run(channelId, known.deletedBelow), Keys.run(channelId, below));
        }
        return new Trimmed(Math.max(below, known.deletedBelow), known.first);
    }
}
