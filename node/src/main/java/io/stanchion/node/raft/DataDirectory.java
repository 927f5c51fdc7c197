package io.stanchion.node.raft;

import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.ratis.RaftIds;
import io.stanchion.raftsm.store.Store;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
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

    private static final long LOCK_PATIENCE_MILLIS = 3_000;
    private static final long LOCK_RETRY_NANOS = 20_000_000;
    static final String SEE_TO_RIGHTS = "see that this user may write there, or choose another with dir";
    private static final List<String> DATA = List.of("raft", "db", "install", "serve");
    private static final List<String> OWN_FILES = List.of(
            Identity.FILE,
            Identity.FILE + DurableFile.NEXT,
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
    private final IdentityFile identity;
    private final String keyCheck;
    private final long earlierIncarnation;
    private final Lock changingDoubt = new ReentrantLock();
    private final SetAside setAside;
    private volatile String doubt;
    private volatile LogCheck.Found logAtStart = LogCheck.Found.NOTHING;

    /** What this directory has been to its cluster. */
    enum Stage {
        /** Nothing yet. */
        NEW,
        /** Of a node that the cluster does not know: it waits until an operator adds it. */
        JOINING,
        /** A member that has lost its log and must not vote before the cluster has taken it in again. */
        REJOINING,
        MEMBER,
        /** A member that the cluster does not find any more: it votes for nobody before the leader has its new address. */
        MOVING,
        /** Of a node that an operator has removed: it may not come back with what it knows. */
        REMOVED
    }

    private DataDirectory(Path root, FileChannel lockFile, FileLock lock, Identity found, String keyCheck)
            throws IOException {
        this.setAside = new SetAside(root);
        this.doubt = setAside.doubt().orElse("");
        this.keyCheck = keyCheck;
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
        this.identity = new IdentityFile(root, found);
        this.earlierIncarnation = found.lives().compared();
    }

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
            Identity found = Identity.read(root, clusterId, nodeId);
            found.check(root, clusterId, nodeId);
            if (Files.exists(root.resolve(Identity.FILE))) {
                CipherFile.check(root, encryption);
            } else {
                CipherFile.begin(root, encryption);
            }
            DataDirectory opened = new DataDirectory(root, lockFile, lock, found, CipherFile.checkOf(encryption));
            opened.identity.change(self ->
                    self.with(self.lives().plus(Math.max(nowMillis, self.lives().incarnation() + 1))));
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
            if (!foreign.isEmpty() && !Files.exists(root.resolve(Identity.FILE))) {
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

    static boolean isFilled(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isPresent();
        }
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
        return identity.present().lives().incarnation();
    }

    /**
     * Of the last process before this one that was a member; 0 if there was none. One that was stopped while it still asked the others does
     * not count: it has proved nothing, and its number is greater than what they remember.
     */
    long earlierIncarnation() {
        return earlierIncarnation;
    }

    /** Notes, on disk, that nothing is missing here as far as the others know. From now on they may hear of this incarnation. */
    void passComparison() throws DataDirectoryException {
        identity.change(self -> self.with(self.lives().withComparison()));
    }

    /** The incarnation that began the Raft log; 0 if it is the first. */
    long logSince() {
        return identity.present().lives().logSince();
    }

    /** Where the last checkpoint ended that another node has sent; -1 if there was none. */
    long lastInstalled() {
        return Store.installArea(root, Encryption.off()).lastAccepted();
    }

    /** An earlier directory of this node has counted further, or the clock of this machine was ahead then. */
    @Override
    public void exceed(long known) throws DataDirectoryException {
        identity.change(self -> self.lives().incarnation() > known
                ? self
                : self.with(self.lives().renumbered(known + 1)));
    }

    /** Whether the Raft log holds anything that this node has promised. */
    boolean hasLog() throws IOException {
        return isFilled(raft());
    }

    /**
     * Reads the whole Raft log. One that ends before the last checkpoint that was pulled is deleted: all of it is in there, and Ratis, which
     * had not heard of the checkpoint when the process ended, would try in vain to append to its open segment what comes after.
     *
     * @throws DamagedDataException if it is not as it was written
     */
    LogCheck.Found inspectLog() throws IOException {
        LogCheck.Found found = LogCheck.read(raft());
        if (found.last() < lastInstalled()) {
            LogCheck.deleteSegments(raft());
        }
        logAtStart = found;
        return found;
    }

    /** The members, as the Raft log has them; none if it does not say. */
    List<GroupMember> members() throws IOException {
        return LogCheck.members(raft());
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
        return identity.present().stage();
    }

    void enter(Stage next) throws DataDirectoryException {
        identity.change(self -> self.with(next));
    }

    /** The name of this node in the Raft group, see {@link RaftIds}. */
    String raftId() {
        return identity.present().raftName().id();
    }

    /**
     * A member begins with an empty disk, and under another name, once for all attempts at the same place: the leader may still be busy
     * with the one before.
     */
    void rejoin(String place) throws DataDirectoryException {
        identity.change(self ->
                self.stage() == Stage.REJOINING && self.raftName().place().equals(place)
                        ? self
                        : self.with(Stage.REJOINING).with(newName(self, place)));
    }

    /** This node waits to be added, under a name under which no leader has looked for it elsewhere. */
    void join(String place) throws DataDirectoryException {
        identity.change(
                self -> self.stage() == Stage.JOINING && self.raftName().place().equals(place)
                        ? self
                        : self.with(Stage.JOINING).with(newName(self, place)));
    }

    /** From the next start on this member has another name in the Raft group, under which it can be at this place. */
    void move(String place) throws DataDirectoryException {
        identity.change(self -> self.with(Stage.MOVING).with(newName(self, place)));
    }

    private static Identity.RaftName newName(Identity self, String place) {
        return new Identity.RaftName(RaftIds.another(self.owner().nodeId()), place);
    }

    /** Why the data here is not to be used; empty if it is. Any thread. */
    public String doubt() {
        return doubt;
    }

    /**
     * Notes, on disk, that the data here is not to be used from the next start on. What was noted before stays. An operator who takes the
     * note away knows what the others remember.
     */
    void noteDoubt(String reason) throws DataDirectoryException {
        changeDoubt(() -> setAside.note(reason, Instant.now()));
        passComparison();
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
        changingDoubt.lock();
        try {
            change.make();
            doubt = setAside.doubt().orElse("");
        } catch (IOException e) {
            throw new DataDirectoryException("data directory " + root + " cannot be written", e, SEE_TO_RIGHTS);
        } finally {
            changingDoubt.unlock();
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
    void setAside(String place) throws DataDirectoryException {
        if (stage() != Stage.JOINING) { // which was no member yet, and knows nothing that others could miss
            rejoin(place);
        }
        beginLogAnew();
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
        beginLogAnew();
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

    private void beginLogAnew() throws DataDirectoryException {
        identity.change(self -> self.with(self.lives().withNewLog()));
    }

    boolean knows(String otherNodeId) {
        return identity.present().knownNodes().containsKey(otherNodeId);
    }

    public String clusterId() {
        return identity.present().owner().clusterId();
    }

    public String nodeId() {
        return identity.present().owner().nodeId();
    }

    /** Tells the key of this directory's data from others; empty if the data is not encrypted. */
    public String keyCheck() {
        return keyCheck;
    }

    /** Random, and as old as this directory: a node that was emptied has another. */
    public String birth() {
        return identity.present().owner().birth();
    }

    /**
     * Remembers, on disk, that another node has been part of the cluster.
     *
     * @param otherBirth of its data directory
     * @return whether it was known before with another directory
     */
    public boolean remember(String otherNodeId, String otherBirth) throws DataDirectoryException {
        String first = identity.change(self -> self.knowing(otherNodeId, otherBirth))
                .knownNodes()
                .get(otherNodeId);
        return first != null && !first.equals(otherBirth);
    }

    /**
     * Remembers, on disk, the greatest incarnation of which another node has told, whatever directory it had.
     *
     * @param told 0 if it only asks
     * @return what was known of it before; 0 if it has never told
     */
    long hearOf(String otherNodeId, long told) throws DataDirectoryException {
        return identity.change(self -> self.hearing(otherNodeId, told)).heardOfLast(otherNodeId);
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
