package io.stanchion.raftsm.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RocksDB's native code. RocksDB itself unpacks it into the temporary folder and removes it at the end of the process, so that each one
 * that is killed leaves 17 MB behind. Here it is gone as soon as it is loaded; what is mapped needs no name any more.
 */
final class NativeLibrary {
    private static final Logger log = LoggerFactory.getLogger(NativeLibrary.class);
    private static final String PACKED = Environment.getJniLibraryFileName("rocksdb");

    /** Under which {@link RocksDB#loadLibrary(List)} looks for it. */
    private static final String UNPACKED = Environment.getJniLibraryFileName("rocksdbjni");

    static {
        loadOnce();
    }

    private NativeLibrary() {}

    /** Loads it, unless this process has it already. */
    static void load() {
        // the class is initialized now
    }

    /** Where unpacking is not possible, RocksDB is left to find it in its own way. */
    private static void loadOnce() {
        try {
            loadUnpacked();
        } catch (IOException | UnsatisfiedLinkError e) {
            log.debug("loading RocksDB's library in its own way", e);
            RocksDB.loadLibrary();
        }
    }

    private static void loadUnpacked() throws IOException {
        try (InputStream packed = RocksDB.class.getClassLoader().getResourceAsStream(PACKED)) {
            if (packed == null) {
                throw new IOException("there is no " + PACKED + " on the class path");
            }
            Path folder = Files.createTempDirectory("stanchion-rocksdb-");
            Path unpacked = folder.resolve(UNPACKED);
            try {
                Files.copy(packed, unpacked);
                RocksDB.loadLibrary(List.of(folder.toString()));
            } finally {
                Files.deleteIfExists(unpacked);
                Files.delete(folder);
            }
        }
    }
}
