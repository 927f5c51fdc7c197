package io.stanchion.raftsm.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.rocksdb.RocksDBException;

/**
 * What it means that RocksDB could not read something. Only what it calls corrupt, or what the disk does not give, is damage. Everything
 * else may pass, as when the process has too many files open: data that is well must not be taken out of use for it.
 */
final class ReadFailures {
    private ReadFailures() {}

    static IOException checked(String what, RocksDBException e) {
        String told = what + ": " + e.getMessage();
        return Store.isUnreadable(e) ? new DamagedStoreException(told, e) : new IOException(told, e);
    }

    static RuntimeException unchecked(String what, RocksDBException e) {
        return Store.isUnreadable(e)
                ? new CorruptMessageException(what + ": " + e.getMessage())
                : new UncheckedIOException(checked(what, e));
    }
}
