package io.stanchion.raftsm.store;

/**
 * How much memory a store may take, and when it tidies up. A run counts with its records and what it takes besides them.
 *
 * @param recentBytes runs kept in memory after they were written
 * @param unwrittenBytesMax runs that wait for the writer or are with it; apply waits when there are more
 * @param readCacheBytes runs read from disk of which somebody will want the rest
 * @param memtableBytes of the messages; the small tables have a quarter of it each
 * @param blockCacheBytes RocksDB's, for all tables together
 * @param trimMessages so many trimmed messages of one channel are deleted at once; fewer wait for the next flush
 */
public record StoreSettings(
        long recentBytes,
        long unwrittenBytesMax,
        long readCacheBytes,
        long memtableBytes,
        long blockCacheBytes,
        long trimMessages) {
    private static final long MIB = 1 << 20;

    public static StoreSettings defaults() {
        return new StoreSettings(32 * MIB, 32 * MIB, 8 * MIB, 32 * MIB, 32 * MIB, 10_000);
    }
}
