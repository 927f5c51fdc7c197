package io.stanchion.raftsm.ratis;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.raftsm.cipher.SealException;
import io.stanchion.raftsm.command.BatchApplier;
import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.Observation;
import io.stanchion.raftsm.model.ReplicaView;
import io.stanchion.raftsm.store.Checkpoint;
import io.stanchion.raftsm.store.InstallArea;
import io.stanchion.raftsm.store.LogPosition;
import io.stanchion.raftsm.store.MessageReader;
import io.stanchion.raftsm.store.Pace;
import io.stanchion.raftsm.store.Store;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Ratis calls, for one group. Entries come on its updater thread (the apply thread), one after the other; notifications come on any.
 *
 * <p>A refusal is a reply. Everything else that goes wrong in apply is thrown, after the listener was told: Ratis closes the division
 * then. A future completed exceptionally would be logged and forgotten, and this replica would go on with another state than the rest.
 */
public final class StanchionStateMachine extends BaseStateMachine {
    private static final Logger log = LoggerFactory.getLogger(StanchionStateMachine.class);

    private static final long NOT_LEADING = -1;

    /** A leader asks several times a second. */
    private static final long INSTALL_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    private final ReplicaSetup setup;
    private final InstallArea area;
    private final CheckpointInstaller installer;
    private final LogClock clock;
    private final EntrySeal seal;

    /** Null until Ratis initializes this, and while a checkpoint is swapped in. Replaced by the apply thread only. */
    private volatile @Nullable Replica replica;

    private final ReplicaView view = new ReplicaReader(() -> replica);

    private volatile @Nullable SnapshotInfo latestSnapshot;
    private volatile @Nullable RaftGroupMemberId memberId;

    /** When a pulled checkpoint should be in use at the latest; empty if there is none that is not. */
    private volatile OptionalLong installDue = OptionalLong.empty();

    private final DurationMeter applications = new DurationMeter();
    private volatile long leadingTerm = NOT_LEADING;

    /** As far as Ratis has said: entries that are applied meanwhile were stamped just now, not before this process began. */
    private volatile boolean isAnotherLeading;

    /** Set between Ratis' word that this node is ready to lead and the next one, which names the term. Owned by the apply thread. */
    private boolean isLeaderReady;

    public StanchionStateMachine(ReplicaSetup setup) {
        this.setup = setup;
        area = Store.installArea(setup.directory(), setup.encryption());
        installer = new CheckpointInstaller(area, setup.checkpoints());
        seal = new EntrySeal(setup.encryption());
        clock = new LogClock(setup.clock(), setup.nanoTime(), log::warn);
    }

    // Life

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage) throws IOException {
        super.initialize(server, groupId, storage);
        memberId = RaftGroupMemberId.valueOf(server.getId(), groupId);
        getLifeCycle().startAndTransition(this::open, IOException.class);
    }

    private void open() throws IOException {
        Replica opened;
        try {
            opened = new Replica(setup);
        } catch (SealException e) {
            throw new IOException(e.getMessage(), e);
        }
        LogPosition position = opened.position();
        try {
            setup.role().onOpened(position.index(), position.index() == area.lastAccepted());
        } catch (IOException e) {
            opened.abandon();
            throw e;
        }
        setLastAppliedTermIndex(TermIndex.valueOf(position.term(), position.index()));
        latestSnapshot = snapshotAt(position);
        replica = opened;
        setup.role().onObservation(new Observation.Opened());
        log.info("opened the database at term {} index {}", position.term(), position.index());
    }

    /** Called under Ratis' lock while the apply thread may still be busy: the database is left to {@link #reinitialize}. */
    @Override
    public void pause() {
        if (getLifeCycleState() == LifeCycle.State.RUNNING) {
            getLifeCycle().transition(LifeCycle.State.PAUSING);
            getLifeCycle().transition(LifeCycle.State.PAUSED);
        }
    }

    /** A checkpoint was pulled: it takes the place of the database. On the apply thread. */
    @Override
    public void reinitialize() throws IOException {
        installDue = OptionalLong.empty();
        try {
            Replica old = replica;
            replica = null;
            if (old != null) {
                old.abandon();
            }
            getLifeCycle().startAndTransition(this::open, IOException.class);
        } catch (IOException | RuntimeException | Error e) {
            setup.role().onFault("the pulled checkpoint can't be opened", e);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        installer.close();
        Replica old = replica;
        replica = null;
        if (old != null) {
            old.close();
        }
        getLifeCycle().checkStateAndClose();
    }

    // The log

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        Proposal proposal = new Proposal(request.getMessage().getContent(), seal);
        String problem;
        try {
            problem = BatchApplier.check(proposal.batch());
        } catch (InvalidProtocolBufferException e) {
            problem = "not a batch: " + e.getMessage();
        }
        if (!problem.isEmpty()) {
            throw new StateMachineException(problem, false);
        }
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setLogData(proposal.logged())
                .setStateMachineContext(proposal)
                .build();
    }

    /**
     * In log order, under Ratis' locks, and as soon as the entries of earlier terms are applied: that may be a moment before the apply
     * thread comes to {@link #lead}.
     */
    @Override
    public TransactionContext preAppendTransaction(TransactionContext transaction) {
        if (transaction.getStateMachineContext() instanceof Proposal proposal) {
            clock.begin(appliedClockNanos());
            proposal.stamp(clock.now());
        }
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        if (entry.getIndex() <= getLastAppliedTermIndex().getIndex()) {
            return CompletableFuture.completedFuture(Message.EMPTY);
        }
        try {
            long begin = System.nanoTime();
            Replica.Applied applied = running().apply(entry, content(transaction));
            applications.add(System.nanoTime() - begin);
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            if (isAnotherLeading) {
                clock.hear(appliedClockNanos());
            }
            applied.observations().forEach(setup.role()::onObservation);
            if (leadingTerm == entry.getTerm() && !applied.effects().isEmpty()) {
                setup.role().onEffects(entry.getTerm(), applied.effects());
            }
            return CompletableFuture.completedFuture(Message.valueOf(RatisBytes.toRatis(applied.reply())));
        } catch (SealException e) {
            fault("entry " + entry.getIndex() + " of term " + entry.getTerm() + " " + e.getMessage(), e);
            throw e;
        } catch (RuntimeException | Error e) {
            fault("can't apply entry " + entry.getIndex() + " of term " + entry.getTerm(), e);
            throw e;
        }
    }

    private ByteString content(TransactionContext transaction) {
        return transaction.getStateMachineContext() instanceof Proposal proposal
                ? proposal.entry() // this node leads and has it in memory
                : seal.read(RatisBytes.fromRatis(
                        transaction.getLogEntry().getStateMachineLogEntry().getLogData()));
    }

    /** An entry without a command is applied: a configuration, or metadata. On the apply thread. */
    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        if (index <= getLastAppliedTermIndex().getIndex()) {
            return;
        }
        try {
            running().skip(new LogPosition(term, index));
            updateLastAppliedTermIndex(term, index);
            if (isLeaderReady) {
                isLeaderReady = false;
                lead(term);
            }
        } catch (RuntimeException | Error e) {
            fault("can't go on to entry " + index + " of term " + term, e);
            throw e;
        }
    }

    private void fault(String what, Throwable cause) {
        Replica broken = replica;
        if (broken != null) {
            broken.breakDown();
        }
        if (Damage.isIn(cause)) {
            setup.role().onDamage(what + ": " + Damage.reason(cause), cause);
        } else {
            setup.role().onFault(what, cause);
        }
    }

    private Replica running() {
        Replica running = replica;
        if (running == null) {
            throw new IllegalStateException("the database is not open");
        }
        return running;
    }

    // Snapshots

    /**
     * Brings everything applied to disk, and answers how much of the log is not needed any more. That is less than what is on disk: Ratis
     * purges up to the answer, and a node that was away for a short while should find the rest. On the apply thread.
     */
    @Override
    public long takeSnapshot() throws IOException {
        try {
            Replica running = running();
            LogPosition flushed = running.flush();
            latestSnapshot = snapshotAt(flushed);
            return running.releaseLog();
        } catch (IOException | RuntimeException | Error e) {
            fault("can't take a snapshot", e);
            throw e;
        }
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return latestSnapshot;
    }

    private static @Nullable SnapshotInfo snapshotAt(LogPosition position) {
        return position.equals(LogPosition.NONE)
                ? null
                : new Position(TermIndex.valueOf(position.term(), position.index()));
    }

    /** A snapshot is the database itself; it has no files that Ratis should know. */
    private record Position(TermIndex termIndex) implements SnapshotInfo {
        @Override
        public TermIndex getTermIndex() {
            return termIndex;
        }

        @Override
        public List<FileInfo> getFiles() {
            return List.of();
        }
    }

    @Override
    public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(RoleInfoProto role, TermIndex firstInLog) {
        String leader = RaftIds.nodeId(role.getFollowerInfo().getLeaderInfo().getId());
        if (leader.isEmpty() || leader.equals(RaftIds.nodeId(role.getSelf()))) {
            return CompletableFuture.failedFuture(new IOException("no leader to pull a checkpoint from"));
        }
        return installer
                .pull(leader, firstInLog.getIndex() - 1)
                .whenComplete(this::stopIfSealed)
                .thenApply(this::noteDue)
                .thenApply(position -> TermIndex.valueOf(position.term(), position.index()));
    }

    private LogPosition noteDue(LogPosition pulled) {
        installDue = OptionalLong.of(setup.nanoTime().getAsLong() + INSTALL_NANOS_MAX);
        return pulled;
    }

    /**
     * Whether a checkpoint was pulled a while ago and Ratis has not come to use it. It does so when the leader asks once more; but if
     * another node leads by now whose log is long enough, that never asks, and Ratis takes no entries from it either: only a new start of
     * this node helps, which begins with the checkpoint. Any thread.
     */
    public boolean isInstallOverdue() {
        OptionalLong due = installDue;
        return due.isPresent() && setup.nanoTime().getAsLong() - due.getAsLong() >= 0;
    }

    /** Another checkpoint of that node would be no better. */
    private void stopIfSealed(@Nullable LogPosition pulled, @Nullable Throwable failure) {
        if (failure != null && failure.getCause() instanceof SealException e) {
            setup.role().onFault("the leader's checkpoint is of no use: " + e.getMessage(), e);
        }
    }

    // Role

    @Override
    public void notifyLeaderReady() {
        isLeaderReady = true;
    }

    private void lead(long term) {
        leadingTerm = term;
        clock.begin(appliedClockNanos());
        setup.role().onLeaderReady(term);
        if (!stillLeads(term)) {
            // It was over before it began, and Ratis may have said so before this node knew that it leads.
            leadingTerm = NOT_LEADING;
            clock.end();
            setup.role().onNotLeader();
        }
    }

    private boolean stillLeads(long term) {
        try {
            DivisionInfo info = getServer().join().getDivision(getGroupId()).getInfo();
            return info.isLeader() && info.getCurrentTerm() == term;
        } catch (IOException e) {
            return false; // the division is gone
        }
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        leadingTerm = NOT_LEADING;
        clock.end();
        setup.role().onNotLeader();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, @Nullable RaftPeerId leader) {
        isAnotherLeading = leader != null && !leader.equals(member.getPeerId());
        setup.role().onLeaderChanged(leader == null ? "" : RaftIds.nodeId(leader));
    }

    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto configuration) {
        setup.role().onMembersChanged();
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        setup.role().onFault("the Raft log can't be written", cause);
    }

    // For the rest of the node, on any thread

    /** Nothing to ask for: a linearizable read only waits until this replica has applied enough to be looked at. */
    @Override
    public CompletableFuture<Message> query(Message request) {
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    /** Missed heartbeats of the session with this connection ID, as far as this replica has applied; -1 if there is no such session. */
    public int heartbeatsMissed(ByteString connId) {
        Replica running = replica;
        return running == null ? -1 : running.heartbeatsMissed(connId);
    }

    /** The number of the session under this client ID, as far as this replica has applied; 0 if there is no such session. */
    public long sessionNumber(String clientId) {
        Replica running = replica;
        return running == null ? 0 : running.sessionNumber(clientId);
    }

    /** What an entry would be stamped with now; while this node leads. Ack deadlines are points of this clock. */
    public long logClockNanos() {
        return clock.now();
    }

    private long appliedClockNanos() {
        Replica running = replica;
        return running == null ? 0 : running.clockNanos();
    }

    /** What this replica holds, as far as it has applied. */
    public ReplicaView view() {
        return view;
    }

    /** Reads this replica's messages, of whatever database it has at that time. */
    public MessageReader messages() {
        return (channelId, first, last, sink) -> running().runs().read(channelId, first, last, sink);
    }

    /** The first and last message of a channel that can be read here; first = last + 1 if there are none. */
    public long firstMessage(long channelId) {
        return running().runs().first(channelId);
    }

    public long lastMessage(long channelId) {
        return running().runs().last(channelId);
    }

    /** Grows with every entry that may have changed something worth comparing, as long as the same database is open. */
    public long changes() {
        Replica running = replica;
        return running == null ? 0 : running.changes();
    }

    public long appliedIndex() {
        return getLastAppliedTermIndex().getIndex();
    }

    /** The application of entries. */
    public DurationMeter applications() {
        return applications;
    }

    /** The fsyncs of this member's log; another meter before Ratis has opened it. */
    public DurationMeter syncs() {
        return RaftMeters.syncsOf(String.valueOf(memberId));
    }

    /** Since the last snapshot enough was applied for another one. */
    public boolean isSnapshotDue() {
        Replica running = replica;
        return running != null && running.isSnapshotDue();
    }

    /** A copy of this replica's database for another node. */
    public Checkpoint newCheckpoint() throws IOException {
        return running().newCheckpoint();
    }

    /** Reads all of this replica's database to see whether it can be read. Blocks, for as long as the pace wants. */
    public void scrub(Pace pace) throws InterruptedException {
        running().scrub(pace);
    }

    /** Equal on all replicas that have applied the same entries. Only to be asked while nothing is applied. */
    public Digest digest() {
        return running().digest();
    }
}
