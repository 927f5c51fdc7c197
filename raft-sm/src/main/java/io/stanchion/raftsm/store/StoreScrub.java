package io.stanchion.raftsm.store;

import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Reads everything that a database has on disk, page by page, so that nothing is pinned while it waits for its turn. */
final class StoreScrub {
    private static final long PAGE_BYTES = 1 << 20;

    private final Database database;
    private final Pace pace;

    StoreScrub(Database database, Pace pace) {
        this.database = database;
        this.pace = pace;
    }

    /**
     * @throws CorruptMessageException if a block or a run is not what was written
     * @throws java.io.UncheckedIOException if one could not be read this time
     */
    void run() throws InterruptedException {
        for (ColumnFamilyHandle family : database.families()) {
            byte[] next = new byte[0];
            while (next != null) {
                next = page(family, next);
            }
        }
    }

    /** Returns where to go on; null at the end. */
    private byte @Nullable [] page(ColumnFamilyHandle family, byte[] from) throws InterruptedException {
        long bytes = 0;
        byte[] last = null;
        Lock open = database.use();
        try (ReadOptions options = new ReadOptions()
                        .setFillCache(false)
                        .setVerifyChecksums(true)
                        .setReadaheadSize(PAGE_BYTES);
                RocksIterator rows = database.iterator(family, options)) {
            for (rows.seek(from); rows.isValid() && bytes < PAGE_BYTES; rows.next()) {
                byte[] value = rows.value();
                last = rows.key();
                check(family, last, value);
                bytes += last.length + value.length;
            }
            rows.status();
            if (!rows.isValid()) {
                last = null;
            }
        } catch (RocksDBException e) {
            throw ReadFailures.unchecked("a table of the database can't be read", e);
        } finally {
            open.unlock();
        }
        pace.read(bytes);
        return last == null ? null : Arrays.copyOf(last, last.length + 1); // the least key behind it
    }

    private void check(ColumnFamilyHandle family, byte[] key, byte[] value) {
        if (family.equals(database.messages())) {
            database.form().read(Keys.channelOf(key), Keys.first(key), value);
        }
    }
}
