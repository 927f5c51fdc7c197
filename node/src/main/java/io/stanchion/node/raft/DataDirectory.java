package io.stanchion.node.raft;

import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.store.Store;
import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one node owns on disk, and the file that says whose it is. A directory of another node or cluster, or of another program, is refused
 * untouched; so is one that a running process uses.
 *
 * <pre>
 * identity   who owns this directory, and how often it was started
 * cipher     only if the data is encrypted: what knows the right key
 * lock       held while a process uses the directory
 * raft/      the Raft log and votes
 * db/        RocksDB
 * install/   a checkpoint that is being pulled
 * serve/     checkpoints that other nodes are copying
 * </pre>
 *
 * and what {@link SetAside} says of data that can't be trusted.
 */
public final class DataDirectory implements Incarnation, AutoCloseable {
    /** The name of a node that has no others. */
    public static final String ALONE = "single";

    private static final int FORMAT = 1;
    private static final long LOCK_PATIENCE_MILLIS = 3_000;
    private static final long LOCK_RETRY_NANOS = 20_000_000;
    private static final String IDENTITY = "identity";
    private static final String SEE_TO_RIGHTS = "see that this user may write there, or choose another with dir";
    private static final List<String> DATA = List.of("raft", "db", "install", "serve");
    private static final List<String> OWN_FILES = List.of(
            IDENTITY,
            IDENTITY + DurableFile.NEXT,
            CipherFile.NAME,
            "lock",
            "raft",
            "db",
            "install",
            "serve",
            "lost+found");

    private final Path root;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final String clusterId;
    private final String nodeId;
    private final String birth;
    private final String keyCheck;
    private volatile long incarnation;
    private final long earlierIncarnation;
    private volatile long logSince;
    private final Lock lockHere = new ReentrantLock();
    private final SetAside setAside;
    private volatile String doubt;
    private volatile LogCheck.Found logAtStart = LogCheck.Found.NOTHING;
    private Stage stage;
    /** By node ID the birth of the data directory with which it was met first. */
    private final Map<String, String> knownNodes = new TreeMap<>();

    /** What this directory has been to its cluster. */
    enum Stage {
        /** Nothing yet. */
        NEW,
        /** Of a node that the cluster does not know: it waits until an operator adds it. */
        JOINING,
        /** A member that has lost its log and must not vote before the cluster has taken it in again. */
        REJOINING,
        MEMBER,
        /** Of a node that an operator has removed: it may not come back with what it knows. */
        REMOVED
    }

    private DataDirectory(
            Path root, FileChannel lockFile, FileLock lock, Identity identity, String keyCheck, long incarnation)
            throws IOException {
        this.setAside = new SetAside(root);
        this.doubt = setAside.doubt().orElse("");
        this.keyCheck = keyCheck;
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
        this.clusterId = identity.clusterId;
        this.nodeId = identity.nodeId;
        this.birth = identity.birth;
        this.stage = identity.stage;
        this.knownNodes.putAll(identity.knownNodes);
        this.incarnation = incarnation;
        this.earlierIncarnation = identity.incarnation;
        this.logSince = identity.logSince;
    }

    private record Identity(
            String clusterId,
            String nodeId,
            String birth,
            long incarnation,
            long logSince,
            Stage stage,
            Map<String, String> knownNodes) {}

    /**
     * Opens the directory, creating it if it is not there, and counts this start.
     *
     * @param encryption of what is in it, which can't be changed later
     * @param nowMillis wall clock; incarnations grow with it, and in any case
     */
    public static DataDirectory open(Path root, String clusterId, String nodeId, Encryption encryption, long nowMillis)
            throws DataDirectoryException {
        createWritable(root);
        FileChannel lockFile = null;
        try {
            refuseForeignFiles(root);
            lockFile = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = lock(root, lockFile);
            Identity found = read(root, clusterId, nodeId);
            check(root, found, clusterId, nodeId);
            if (Files.exists(root.resolve(IDENTITY))) {
                CipherFile.check(root, encryption);
            } else {
                CipherFile.begin(root, encryption);
            }
            long incarnation = Math.max(nowMillis, found.incarnation + 1);
            DataDirectory opened =
                    new DataDirectory(root, lockFile, lock, found, CipherFile.checkOf(encryption), incarnation);
            opened.write();
            return opened;
        } catch (DataDirectoryException e) {
            closeQuietly(lockFile);
            throw e;
        } catch (IOException e) {
            closeQuietly(lockFile);
            throw new DataDirectoryException("data directory " + root + " cannot be used", e, SEE_TO_RIGHTS);
        }
    }

    private static void createWritable(Path root) throws DataDirectoryException {
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "data directory " + root + " cannot be created", e, "choose another with dir");
        }
        if (!Files.isWritable(root)) {
            throw new DataDirectoryException("data directory " + root
                    + " is not writable for this user; change its owner or choose another with dir");
        }
    }

    private static void refuseForeignFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            List<String> foreign = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !OWN_FILES.contains(name) && !SetAside.isOwn(name))
                    .sorted()
                    .toList();
            if (!foreign.isEmpty() && !Files.exists(root.resolve(IDENTITY))) {
                throw new DataDirectoryException("data directory " + root + " holds files of another program ("
                        + foreign.get(0) + "); choose an empty one with dir");
            }
        }
    }

    /** Waits a moment: who restarts a node may not have waited for the end of the old one. */
    private static FileLock lock(Path root, FileChannel lockFile) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOCK_PATIENCE_MILLIS);
        for (FileLock lock = tryLock(lockFile); ; lock = tryLock(lockFile)) {
            if (lock != null) {
                return lock;
            }
            if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                throw new DataDirectoryException(
                        "data directory " + root + " is in use by another process; stop it or choose another with dir");
            }
            LockSupport.parkNanos(LOCK_RETRY_NANOS);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process: as good as by another
        }
    }

    private static Identity read(Path root, String clusterId, String nodeId) throws IOException {
        Path file = root.resolve(IDENTITY);
        if (!Files.exists(file)) {
            if (isFilled(root.resolve("raft")) || isFilled(root.resolve("db"))) {
                throw new DataDirectoryException("data directory " + root + " has data but no file \"" + IDENTITY
                        + "\", so nobody can say whose it is; restore that file or choose an empty directory with dir");
            }
            return new Identity(clusterId, nodeId, UUID.randomUUID().toString(), 0, 0, Stage.NEW, Map.of());
        }
        try {
            return parse(root, Files.readString(file));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new DataDirectoryException(
                    "data directory " + root + ": its file \"" + IDENTITY
                            + "\" is damaged; restore that file or choose an empty directory with dir",
                    e);
        }
    }

    /** @throws IllegalArgumentException if that is not what {@link #write} writes */
    private static Identity parse(Path root, String text) throws IOException {
        Properties stored = new Properties();
        stored.load(new StringReader(text));
        int format = Integer.parseInt(value(stored, "format"));
        if (format != FORMAT) {
            throw new DataDirectoryException("data directory " + root + " has format " + format
                    + ", this version reads format " + FORMAT
                    + "; run the version that wrote it, or choose another directory with dir");
        }
        return new Identity(
                value(stored, "cluster_id"),
                value(stored, "node_id"),
                value(stored, "birth"),
                Long.parseLong(value(stored, "incarnation")),
                Long.parseLong(stored.getProperty("log_since", "0")),
                Stage.valueOf(value(stored, "stage")),
                knownNodes(stored.getProperty("known_nodes", "")));
    }

    private static Map<String, String> knownNodes(String text) {
        Map<String, String> found = new TreeMap<>();
        for (String known : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int separator = known.lastIndexOf('/');
            if (separator < 1) {
                throw new IllegalArgumentException("known_nodes: " + known);
            }
            found.put(known.substring(0, separator), known.substring(separator + 1));
        }
        return found;
    }

    private static String value(Properties stored, String key) {
        String value = stored.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("no " + key);
        }
        return value;
    }

    private static void check(Path root, Identity found, String clusterId, String nodeId)
            throws DataDirectoryException {
        if (!found.clusterId.equals(clusterId)) {
            throw new DataDirectoryException("data directory " + root + ": cluster ID \"" + clusterId
                    + "\" does not match recovered value of \"" + found.clusterId
                    + "\"; correct the cluster ID (id), or choose another directory with dir");
        }
        if (found.nodeId.equals(ALONE) && !nodeId.equals(ALONE)) {
            throw new DataDirectoryException("data directory " + root
                    + ": stan: cannot restart server in clustered mode if it was not previously clustered; choose another"
                    + " directory with dir, or start it without a cluster");
        } else if (!found.nodeId.equals(nodeId)) {
            throw new DataDirectoryException("data directory " + root + " belongs to node \"" + found.nodeId
                    + "\", this is node \"" + nodeId + "\"; correct node_id or dir");
        }
    }

    private static boolean isFilled(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isPresent();
        }
    }

    private void write() throws DataDirectoryException {
        String text = "# whose data this is; do not edit\nformat=" + FORMAT + "\ncluster_id=" + escaped(clusterId)
                + "\nnode_id=" + escaped(nodeId) + "\nbirth=" + birth + "\nincarnation=" + incarnation + "\nlog_since="
                + logSince + "\nstage="
                + stage + "\nknown_nodes=" + escaped(knownNodesText()) + "\n";
        try {
            DurableFile.replace(root.resolve(IDENTITY), text);
        } catch (AtomicMoveNotSupportedException e) {
            throw new DataDirectoryException(
                    "the file system of data directory " + root
                            + " cannot replace a file at once; choose one on a local disk with dir",
                    e);
        } catch (IOException e) {
            throw new DataDirectoryException("data directory " + root + " cannot be written", e, SEE_TO_RIGHTS);
        }
    }

    private String knownNodesText() {
        return knownNodes.entrySet().stream()
                .map(known -> known.getKey() + "/" + known.getValue())
                .collect(Collectors.joining(","));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\");
    }

    public Path root() {
        return root;
    }

    /** Where the Raft log is in the directory of a node. */
    public static Path logIn(Path root) {
        return root.resolve("raft");
    }

    public Path raft() {
        return logIn(root);
    }

    /** Greater than at any earlier start with this directory. */
    @Override
    public long incarnation() {
        return incarnation;
    }

    /** Of the process before; 0 if there was none. */
    long earlierIncarnation() {
        return earlierIncarnation;
    }

    /** The incarnation that began the Raft log; 0 if it is the first. */
    long logSince() {
        return logSince;
    }

    /** Where the last checkpoint ended that another node has sent; -1 if there was none. */
    long lastInstalled() {
        return Store.installArea(root, Encryption.off()).lastAccepted();
    }

    /** An earlier directory of this node has counted further, or the clock of this machine was ahead then. */
    @Override
    public void exceed(long known) throws DataDirectoryException {
        lockHere.lock();
        try {
            if (incarnation <= known) {
                incarnation = known + 1;
                write();
            }
        } finally {
            lockHere.unlock();
        }
    }

    /** Whether the Raft log holds anything that this node has promised. */
    boolean hasLog() throws IOException {
        return isFilled(raft());
    }

    /**
     * Reads the whole Raft log.
     *
     * @throws DamagedDataException if it is not as it was written
     */
    LogCheck.Found inspectLog() throws IOException {
        LogCheck.Found found = LogCheck.read(raft());
        logAtStart = found;
        return found;
    }

    /** Makes a log whose end is damaged one that is shorter, before {@link #inspectLog}. What is cut off may have been acknowledged. */
    public void cutDamagedEndOfLog() throws IOException {
        LogCheck.cutDamagedEnd(raft());
    }

    /** As {@link #inspectLog} has found it. */
    LogCheck.Found logAtStart() {
        return logAtStart;
    }

    Stage stage() {
        lockHere.lock();
        try {
            return stage;
        } finally {
            lockHere.unlock();
        }
    }

    void enter(Stage next) throws DataDirectoryException {
        lockHere.lock();
        try {
            if (stage != next) {
                stage = next;
                write();
            }
        } finally {
            lockHere.unlock();
        }
    }

    /** Why the data here is not to be used; empty if it is. Any thread. */
    public String doubt() {
        return doubt;
    }

    /** Notes, on disk, that the data here is not to be used from the next start on. What was noted before stays. */
    void noteDoubt(String reason) throws DataDirectoryException {
        changeDoubt(() -> setAside.note(reason, Instant.now()));
    }

    /** The data here is to be used as long as there is no better. */
    void forgetDoubt() throws DataDirectoryException {
        changeDoubt(setAside::forget);
    }

    /** What is done to the files about doubts. */
    private interface DoubtChange {
        void make() throws IOException;
    }

    private void changeDoubt(DoubtChange change) throws DataDirectoryException {
        lockHere.lock();
        try {
            change.make();
            doubt = setAside.doubt().orElse("");
        } catch (IOException e) {
            throw new DataDirectoryException("data directory " + root + " cannot be written", e, SEE_TO_RIGHTS);
        } finally {
            lockHere.unlock();
        }
    }

    /** The data here was set aside as often lately as is allowed. */
    boolean isDoubtedTooOften() throws IOException {
        return setAside.isTooOften(Instant.now());
    }

    /**
     * Begins anew, with what can't be trusted set aside. The node is still the one that the others have met, and it must not vote before
     * the cluster has taken it in again.
     */
    void setAside() throws DataDirectoryException {
        if (stage() != Stage.JOINING) { // which was no member yet, and knows nothing that others could miss
            enter(Stage.REJOINING);
        }
        logSince = incarnation;
        write();
        changeDoubt(() -> setAside.move(DATA));
    }

    /** Why this node had to begin anew; empty if it lost its data in another way. */
    String lastReason() {
        try {
            return setAside.lastReason().orElse("");
        } catch (IOException e) {
            return ""; // it is only for people to read
        }
    }

    /** Deletes the Raft log and votes. */
    void deleteLog() throws DataDirectoryException {
        logSince = incarnation;
        write();
        if (!Files.exists(raft())) {
            return;
        }
        try (Stream<Path> all = Files.walk(raft())) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new DataDirectoryException("data directory " + root + " cannot be written", e, SEE_TO_RIGHTS);
        }
    }

    boolean knows(String otherNodeId) {
        lockHere.lock();
        try {
            return knownNodes.containsKey(otherNodeId);
        } finally {
            lockHere.unlock();
        }
    }

    public String nodeId() {
        return nodeId;
    }

    /** Tells the key of this directory's data from others; empty if the data is not encrypted. */
    public String keyCheck() {
        return keyCheck;
    }

    /** Random, and as old as this directory: a node that was emptied has another. */
    public String birth() {
        return birth;
    }

    /**
     * Remembers, on disk, that another node has been part of the cluster.
     *
     * @param otherBirth of its data directory
     * @return whether it was known before with another directory
     */
    public boolean remember(String otherNodeId, String otherBirth) throws DataDirectoryException {
        lockHere.lock();
        try {
            String first = knownNodes.putIfAbsent(otherNodeId, otherBirth);
            if (first == null) {
                write();
            }
            return first != null && !first.equals(otherBirth);
        } finally {
            lockHere.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        lockFile.close();
    }

    private static void closeQuietly(@Nullable FileChannel file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // the directory was not opened; there is nothing to lose
        }
    }
}
