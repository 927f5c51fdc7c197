package io.stanchion.raftsm.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.cipher.SealException;
import io.stanchion.raftsm.model.Changes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * An open RocksDB of this layout. Thread-safe: native code must not run on a closed database, so every use is between {@link #use} and
 * the unlock of what it returned, and closing waits for them.
 */
final class Database implements AutoCloseable {
    /** What this version writes and reads. */
    static final int FORMAT = 1;

    /** RocksDB's file that names the list of its files. */
    private static final String LIST_NAME = "CURRENT";

    private final Path directory;
    private final Encryption encryption;
    private final StoredForm form;
    private final ColumnFamilies families;
    private final RocksDB rocks;
    private final List<ColumnFamilyHandle> handles;
    private final Map<Changes.Table, ColumnFamilyHandle> tables = new EnumMap<>(Changes.Table.class);
    private final ColumnFamilyHandle messages;
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final ReentrantReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;

    private Database(
            Path directory,
            Encryption encryption,
            ColumnFamilies families,
            RocksDB rocks,
            List<ColumnFamilyHandle> handles) {
        this.directory = directory;
        this.encryption = encryption;
        this.form = encryption.isOn() ? new SealedForm(encryption.key()) : new PlainForm();
        this.families = families;
        this.rocks = rocks;
        this.handles = handles;
        for (Changes.Table table : Changes.Table.values()) {
            tables.put(table, handles.get(tables.size()));
        }
        messages = handles.get(tables.size());
    }

    /**
     * Opens the database in this directory, or creates an empty one.
     *
     * @throws SealException if it was written with another encryption
     */
    static Database open(Path directory, StoreSettings settings, Encryption encryption) throws IOException {
        Files.createDirectories(directory);
        refuseTablesWithoutList(directory);
        Database database = open(
                directory,
                encryption,
                new ColumnFamilies(settings),
                (families, handles) ->
                        RocksDB.open(families.options(), directory.toString(), families.descriptors(), handles));
        database.writeFormat();
        return database;
    }

    /** RocksDB would begin an empty database beside them. */
    private static void refuseTablesWithoutList(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            if (!Files.exists(directory.resolve(LIST_NAME))
                    && files.anyMatch(file -> file.getFileName().toString().endsWith(".sst"))) {
                throw new DamagedStoreException(directory.resolve(LIST_NAME) + " is missing, and there are tables");
            }
        }
    }

    /** Opens what is there for reading; nothing else may have it open for writing. */
    static Database openReadOnly(Path directory, Encryption encryption) throws IOException {
        return open(
                directory,
                encryption,
                new ColumnFamilies(StoreSettings.defaults()),
                (families, handles) -> RocksDB.openReadOnly(
                        families.options(), directory.toString(), families.descriptors(), handles));
    }

    @FunctionalInterface
    private interface Opener {
        RocksDB open(ColumnFamilies families, List<ColumnFamilyHandle> handles) throws RocksDBException;
    }

    private static Database open(Path directory, Encryption encryption, ColumnFamilies families, Opener opener)
            throws IOException {
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        Database database;
        try {
            database = new Database(directory, encryption, families, opener.open(families, handles), handles);
        } catch (RocksDBException e) {
            families.close();
            throw notOpened(directory, e);
        }
        try {
            database.checkFormat();
            database.checkSeal();
            return database;
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static IOException notOpened(Path directory, RocksDBException e) {
        String what = "can't open the database in " + directory;
        return lacksList(directory)
                ? new DamagedStoreException(what + ": " + e.getMessage(), e)
                : ReadFailures.checked(what, e);
    }

    /** RocksDB calls that an I/O error, as if it could pass. */
    private static boolean lacksList(Path directory) {
        Path name = directory.resolve(LIST_NAME);
        try {
            return Files.exists(name)
                    && Files.notExists(directory.resolve(Files.readString(name).strip()));
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    private void checkFormat() throws IOException {
        byte[] stored = get(Keys.FORMAT);
        if (stored == null) {
            if (position().equals(LogPosition.NONE)) {
                return; // nothing has come to disk yet
            }
            throw new DamagedStoreException("the database in " + directory + " does not say which format it has");
        }
        int format = stored.length == Integer.BYTES ? ByteBuffer.wrap(stored).getInt() : -1;
        if (format != FORMAT) {
            throw new IOException("the database in " + directory + " has format " + format
                    + "; this version reads format " + FORMAT + " only");
        }
    }

    private void checkSeal() throws IOException {
        byte[] stored = get(Keys.SEAL);
        if (stored == null && encryption.isOn() && !position().equals(LogPosition.NONE)) {
            throw new SealException("the database in " + directory + " is not encrypted, but this node encrypts");
        } else if (stored != null && !encryption.isOn()) {
            throw new SealException("the database in " + directory + " is encrypted: encryption key required");
        } else if (stored != null && !encryption.key().matches(stored)) {
            throw new SealException("the database in " + directory + " is encrypted with another key than this node's");
        }
    }

    /** Comes to disk with the first position, by the same flush. */
    private void writeFormat() throws IOException {
        byte[] format = ByteBuffer.allocate(Integer.BYTES).putInt(FORMAT).array();
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(family(Changes.Table.META), Keys.FORMAT, format);
            if (encryption.isOn()) {
                batch.put(
                        family(Changes.Table.META), Keys.SEAL, encryption.key().check());
            }
            write(batch);
        } catch (RocksDBException e) {
            close();
            throw new IOException("can't write to " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Keeps the database open until the returned lock is unlocked. */
    Lock use() {
        Lock lock = lifetime.readLock();
        lock.lock();
        if (closed) {
            lock.unlock();
            throw new IllegalStateException("the database in " + directory + " is closed");
        }
        return lock;
    }

    /** The last entry that this database has seen. */
    LogPosition position() throws IOException {
        byte[] stored = get(Keys.POSITION);
        if (stored == null) {
            return LogPosition.NONE;
        }
        ByteBuffer in = ByteBuffer.wrap(stored);
        return new LogPosition(in.getLong(), in.getLong());
    }

    private byte @Nullable [] get(byte[] key) throws IOException {
        Lock lock = use();
        try {
            return rocks.get(family(Changes.Table.META), key);
        } catch (RocksDBException e) {
            throw ReadFailures.checked("can't read " + directory, e);
        } finally {
            lock.unlock();
        }
    }

    /** All rows of the small tables, but for the store's own. */
    List<Changes.Row> rows() throws IOException {
        List<Changes.Row> rows = new ArrayList<>();
        Lock lock = use();
        try (ReadOptions options = new ReadOptions()) {
            for (Changes.Table table : Changes.Table.values()) {
                readRows(table, options, rows);
            }
            return rows;
        } catch (RocksDBException e) {
            throw ReadFailures.checked("can't read " + directory, e);
        } finally {
            lock.unlock();
        }
    }

    private void readRows(Changes.Table table, ReadOptions options, List<Changes.Row> rows) throws RocksDBException {
        try (RocksIterator rowsOfTable = rocks.newIterator(family(table), options)) {
            for (rowsOfTable.seekToFirst(); rowsOfTable.isValid(); rowsOfTable.next()) {
                ByteString key = UnsafeByteOperations.unsafeWrap(rowsOfTable.key());
                if (!Keys.isOwn(table, key)) {
                    rows.add(form.row(table, key, UnsafeByteOperations.unsafeWrap(rowsOfTable.value())));
                }
            }
            rowsOfTable.status();
        }
    }

    /** A cursor over one channel's runs; {@link #use} the database as long as it is open. */
    RunCursor cursor(long channelId, long readaheadBytes) {
        return new RunCursor(rocks, messages, form, channelId, readaheadBytes);
    }

    /** The finished tables of now; compactions replace them at any time. */
    List<LiveFileMetaData> tables() {
        Lock lock = use();
        try {
            return rocks.getLiveFilesMetaData();
        } finally {
            lock.unlock();
        }
    }

    /** What rows and runs look like here. */
    StoredForm form() {
        return form;
    }

    ColumnFamilyHandle family(Changes.Table table) {
        return Objects.requireNonNull(tables.get(table));
    }

    ColumnFamilyHandle messages() {
        return messages;
    }

    void write(WriteBatch batch) throws RocksDBException {
        Lock lock = use();
        try {
            rocks.write(writeOptions, batch);
        } finally {
            lock.unlock();
        }
    }

    /** Everything written so far is on disk when this returns, all tables at the same position. */
    void flush() throws RocksDBException {
        Lock lock = use();
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            rocks.flush(options, handles);
        } finally {
            lock.unlock();
        }
    }

    void checkpoint(Path target) throws RocksDBException {
        Lock lock = use();
        try (org.rocksdb.Checkpoint checkpoint = org.rocksdb.Checkpoint.create(rocks)) {
            checkpoint.createCheckpoint(target.toString());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Lock lock = lifetime.writeLock();
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                handles.forEach(ColumnFamilyHandle::close);
                rocks.close();
                writeOptions.close();
                families.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
