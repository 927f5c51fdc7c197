package io.stanchion.raftsm.store;

import io.stanchion.raftsm.model.Changes.PutRun;
import io.stanchion.raftsm.model.RunIndex.Run;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** Walks the written runs of one channel. It pins files and memtables: close it soon. */
final class RunCursor implements AutoCloseable {
    private final StoredForm form;
    private final long channelId;
    private final Slice start;
    private final Slice end;
    private final ReadOptions options;
    private final RocksIterator runs;
    private final byte[] header = new byte[RunValue.HEADER_LENGTH];

    RunCursor(RocksDB rocks, ColumnFamilyHandle messages, StoredForm form, long channelId, long readaheadBytes) {
        this.form = form;
        this.channelId = channelId;
        start = new Slice(Keys.channelStart(channelId));
        end = new Slice(Keys.channelEnd(channelId));
        options = new ReadOptions()
                .setIterateLowerBound(start)
                .setIterateUpperBound(end)
                .setReadaheadSize(readaheadBytes);
        runs = rocks.newIterator(messages, options);
    }

    /** Goes to the run that holds {@code sequence}, or to the first one behind it; false if there is none. */
    boolean seek(long sequence) {
        runs.seekForPrev(Keys.run(channelId, sequence));
        if (!isValid()) {
            runs.seek(Keys.run(channelId, sequence));
            return isValid();
        }
        return run().last() >= sequence || next();
    }

    boolean next() {
        runs.next();
        return isValid();
    }

    private boolean isValid() {
        if (runs.isValid()) {
            return true;
        }
        try {
            runs.status();
            return false;
        } catch (RocksDBException e) {
            throw ReadFailures.unchecked("can't read the runs of channel " + channelId, e);
        }
    }

    /** Only the header is read. */
    Run run() {
        int length = runs.value(header);
        return form.header(Keys.first(runs.key()), header, length);
    }

    /** @throws CorruptMessageException if it is damaged */
    PutRun read() {
        return form.read(channelId, Keys.first(runs.key()), runs.value());
    }

    @Override
    public void close() {
        runs.close();
        options.close();
        start.close();
        end.close();
    }
}
