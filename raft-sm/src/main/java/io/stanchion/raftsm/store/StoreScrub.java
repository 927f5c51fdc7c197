package io.stanchion.raftsm.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.Lock;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;

/**
 * Reads everything that a database has on disk, table by table. Each is opened beside the database, because what the database itself reads
 * may come from its cache. What the kernel has in its own cache is not read from the disk either; that cache forgets.
 */
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
        try (BlockCacheFree options = new BlockCacheFree()) {
            for (LiveFileMetaData table : database.tables()) {
                Path file = Path.of(table.path(), table.fileName());
                try {
                    read(file, isOfMessages(table), options);
                } catch (RocksDBException e) {
                    if (Files.exists(file)) { // else others have taken its place meanwhile
                        throw ReadFailures.unchecked("a table of the database can't be read", e);
                    }
                }
            }
        }
    }

    private static boolean isOfMessages(LiveFileMetaData table) {
        return Arrays.equals(table.columnFamilyName(), ColumnFamilies.MESSAGES);
    }

    private void read(Path file, boolean hasRuns, BlockCacheFree options)
            throws RocksDBException, InterruptedException {
        try (SstFileReader reader = new SstFileReader(options.opening)) {
            open(reader, file);
            try (SstFileReaderIterator rows = reader.newIterator(options.reading)) {
                long bytes = 0;
                for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                    byte[] key = rows.key();
                    byte[] value = rows.value();
                    if (hasRuns) {
                        database.form().read(Keys.channelOf(key), Keys.first(key), value);
                    }
                    bytes += key.length + value.length;
                    if (bytes >= PAGE_BYTES) {
                        pace.read(bytes);
                        bytes = 0;
                    }
                }
                rows.status();
                pace.read(bytes);
            }
        }
    }

    /** Of this database, and not of another that has been put in its place: what it has open can't be deleted under it. */
    private void open(SstFileReader reader, Path file) throws RocksDBException {
        Lock open = database.use();
        try {
            reader.open(file.toString());
        } finally {
            open.unlock();
        }
    }

    /** How to see what is on the disk. */
    private static final class BlockCacheFree implements AutoCloseable {
        private final Options opening =
                new Options().setTableFormatConfig(new BlockBasedTableConfig().setNoBlockCache(true));
        private final ReadOptions reading =
                new ReadOptions().setVerifyChecksums(true).setReadaheadSize(PAGE_BYTES);

        @Override
        public void close() {
            opening.close();
            reading.close();
        }
    }
}
