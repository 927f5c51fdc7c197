package io.stanchion.raftsm.store;

import io.stanchion.raftsm.model.Changes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;

/**
 * The tables and how RocksDB is to keep them. Owns the native options, which must live as long as the database.
 *
 * <p>The order of the descriptors is that of {@link Changes.Table}, then the messages, then RocksDB's own default family, which stays
 * empty.
 */
final class ColumnFamilies implements AutoCloseable {
    static final byte[] MESSAGES = "messages".getBytes(StandardCharsets.UTF_8);

    private static final int BLOCK_BYTES = 16 << 10;

    private final DBOptions options;
    private final Cache blockCache;
    private final List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();

    ColumnFamilies(StoreSettings settings) {
        NativeLibrary.load();
        blockCache = new LRUCache(settings.blockCacheBytes());
        options = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                // Without it, and with the WAL off, a crash may bring back messages without the position, or the
                // reverse.
                .setAtomicFlush(true)
                .setMaxBackgroundJobs(2)
                .setBytesPerSync(1 << 20)
                .setMaxOpenFiles(512)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0);
        for (Changes.Table table : Changes.Table.values()) {
            add(table.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8), settings.memtableBytes() / 4);
        }
        add(MESSAGES, settings.memtableBytes());
        add(RocksDB.DEFAULT_COLUMN_FAMILY, 1 << 20);
    }

    private void add(byte[] name, long memtableBytes) {
        BlockBasedTableConfig blocks =
                new BlockBasedTableConfig().setBlockSize(BLOCK_BYTES).setBlockCache(blockCache);
        ColumnFamilyOptions family = new ColumnFamilyOptions()
                .setWriteBufferSize(memtableBytes)
                .setMaxWriteBufferNumber(3)
                .setTargetFileSizeBase(32 << 20)
                .setMaxBytesForLevelBase(128 << 20)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(blocks);
        descriptors.add(new ColumnFamilyDescriptor(name, family));
    }

    DBOptions options() {
        return options;
    }

    List<ColumnFamilyDescriptor> descriptors() {
        return descriptors;
    }

    @Override
    public void close() {
        descriptors.forEach(descriptor -> descriptor.getOptions().close());
        options.close();
        blockCache.close();
    }
}
