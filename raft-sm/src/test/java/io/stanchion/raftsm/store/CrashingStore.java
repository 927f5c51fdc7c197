package io.stanchion.raftsm.store;

import java.io.IOException;
import java.nio.file.Path;

/** A process that applies entries to a store and then is gone, without a word to RocksDB. */
final class CrashingStore {
    static final int EXIT_CODE = 9;

    private CrashingStore() {}

    public static void main(String[] args) throws IOException {
        StoreTest.applyUpTo(Path.of(args[0]), Long.parseLong(args[1]), Integer.parseInt(args[2]));
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
