package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.stanchion.proto.peer.Promised;
import io.stanchion.proto.peer.StandingReply;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.ratis.LogBudget;
import io.stanchion.raftsm.ratis.ReplicaSetup;
import io.stanchion.raftsm.ratis.RoleListener;
import io.stanchion.raftsm.ratis.StanchionStateMachine;
import io.stanchion.raftsm.store.Checkpoint;
import io.stanchion.raftsm.store.LogPosition;
import io.stanchion.raftsm.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The Raft side of one node: all that is real, but the other nodes are asked by a call instead of over the peer port. */
final class TestMember implements RoleListener, Membership.Peers, Membership.Place, Membership.Turns {
    private static final long TOGETHER_SECONDS_MAX = 60;

    /** Checkpoints that this node has pulled. */
    final AtomicInteger pulls = new AtomicInteger();

    /** How often this node has noticed that it was removed. */
    final AtomicInteger removals = new AtomicInteger();

    final List<String> faults = new CopyOnWriteArrayList<>();

    /** What the others have told this node; as in a node, for as long as it runs. */
    private PromiseBook book;

    private final RaftSettings settings;
    private final Path folder;
    private final LogBudget budget;
    private final Map<String, TestMember> group;
    private volatile boolean running;
    private DataDirectory data;
    private StanchionStateMachine machine;
    private RaftNode raft;
    private RatisLog log;
    private volatile Membership membership;
    private volatile KnownPlaces known;

    /** @param group of running members, by node ID */
    TestMember(RaftSettings settings, Path folder, LogBudget budget, Map<String, TestMember> group) {
        this.settings = settings;
        this.folder = folder;
        this.budget = budget;
        this.group = group;
    }

    void start() throws IOException, InterruptedException {
        String id = settings.nodeId();
        data = DataDirectory.open(folder, settings.clusterId(), id, Encryption.off(), System.currentTimeMillis());
        book = new PromiseBook(data);
        known = new KnownPlaces(id, settings.voters(), places -> {});
        machine = new StanchionStateMachine(new ReplicaSetup(
                folder,
                StoreSettings.defaults(),
                budget,
                Encryption.off(),
                Clock.systemUTC(),
                System::nanoTime,
                this,
                this::pull,
                () -> raft.takeSnapshot()));
        raft = new RaftNode(settings, data, machine, other -> NodeVitals.UNKNOWN);
        LeaderRoute route = new LeaderRoute(
                id,
                raft,
                (leader, batch) -> group.containsKey(leader)
                        ? LeaderRoute.accept(group.get(leader).raft, batch)
                        : CompletableFuture.failedFuture(new IOException(leader + " is down")));
        log = new RatisLog(id, data, LogSettings.DEFAULTS, route, System::nanoTime, this::onFault);
        running = true;
        group.put(id, this);
        try {
            log.start();
            membership = new Membership(data, self(), known, this, () -> !running);
            raft.start(membership.mayVote());
            membership.complete(this);
            attend(membership);
        } catch (IOException | InterruptedException | RuntimeException e) {
            String damage = Quarantine.damageIn(e);
            if (!damage.isEmpty()) {
                data.noteDoubt(damage);
            }
            stop();
            throw e;
        }
    }

    private void attend(Membership started) {
        new Thread(() -> {
                    try {
                        started.attend(this, this);
                    } catch (IOException e) {
                        faults.add(e.toString());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                .start();
    }

    /** Runs, and waits to be added to the group. */
    boolean isWaiting() {
        Membership present = membership;
        return present != null && present.waitingFor().contains("no member of the cluster yet");
    }

    GroupMember self() {
        return settings.self();
    }

    /** As the group knows it, or is to know it. */
    GroupMember named() {
        return self().withRaftId(data.raftId());
    }

    void stop() throws IOException {
        if (running) {
            running = false;
            group.remove(settings.nodeId());
            log.close();
            raft.close();
            data.close();
        }
    }

    /** What a member does. */
    @FunctionalInterface
    interface Step {
        void on(TestMember member) throws IOException, InterruptedException;
    }

    /** All of them at the same time; returns when all are done. */
    static void together(List<TestMember> members, Step step) {
        CompletableFuture.allOf(members.stream()
                        .map(member ->
                                CompletableFuture.runAsync(() -> member.take(step), task -> new Thread(task).start()))
                        .toArray(CompletableFuture<?>[]::new))
                .orTimeout(TOGETHER_SECONDS_MAX, TimeUnit.SECONDS)
                .join();
    }

    void take(Step step) {
        try {
            step.on(this);
        } catch (IOException e) {
            throw new IllegalStateException("node " + id(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts, and tells the damage that keeps it from running. */
    String damageAtStart() {
        Throwable failure = catchThrowable(this::start);
        assertThat(failure).as("a start on damaged data").isNotNull();
        return Quarantine.damageIn(failure);
    }

    /** The same member with another directory. */
    TestMember movedTo(Path other) {
        return new TestMember(settings, other, budget, group);
    }

    /** The same member with the same directory at another address. */
    TestMember at(GroupMember place) {
        List<GroupMember> voters = settings.voters().stream()
                .map(voter -> voter.nodeId().equals(id()) ? place : voter)
                .toList();
        RaftSettings there = new RaftSettings(
                settings.clusterId(),
                settings.nodeId(),
                settings.bindHost(),
                voters,
                settings.isLasting(),
                settings.electionMinMillis(),
                settings.electionMaxMillis());
        return new TestMember(there, folder, budget, group);
    }

    Path folder() {
        return folder;
    }

    void loseEverything() throws IOException {
        Folders.delete(folder);
    }

    void loseLog() throws IOException {
        Folders.delete(folder.resolve("raft"));
    }

    String id() {
        return settings.nodeId();
    }

    RaftNode raft() {
        return raft;
    }

    RatisLog log() {
        return log;
    }

    StanchionStateMachine machine() {
        return machine;
    }

    /** What a reading of all its data finds. */
    String scrub() throws InterruptedException {
        return new Scrub(data, machine, new Scrub.Settings(0, 0), damage -> {}).round(bytes -> {});
    }

    /** That the other one runs with the present incarnation, and has reached this entry of the log. */
    boolean hasHeardFrom(TestMember other, long index) throws IOException {
        Promised heard = book.keep(other.id(), other.data.birth(), Promised.getDefaultInstance());
        return heard.getIncarnation() >= other.data.incarnation() && heard.getIndex() >= index;
    }

    // What the other nodes answer

    private TestMember reach(String nodeId) throws IOException {
        TestMember other = group.get(nodeId);
        if (!known.all().contains(nodeId)) {
            throw new IOException(nodeId + " is not among the peers");
        }
        if (other == null) {
            throw new IOException(nodeId + " is down");
        }
        return other;
    }

    @Override
    public StandingReply standing(String nodeId, String birth) throws IOException {
        TestMember other = reach(nodeId);
        return StandingReply.newBuilder()
                .setKnown(other.data.remember(id(), birth))
                .setBirth(other.data.birth())
                .setLeader(other.raft.leader())
                .addAllMembers(
                        other.raft.members().stream().map(GroupMember::toProto).toList())
                .setCommitted(other.raft.isGroupCommitted())
                .build();
    }

    @Override
    public StandingReply keep(String nodeId, String birth, Promised own) throws IOException {
        TestMember other = reach(nodeId);
        StandingReply.Builder reply = StandingReply.newBuilder().setPromised(other.book.keep(id(), birth, own));
        other.raft.matched(id()).ifPresent(reply::setMatched);
        return reply.build();
    }

    @Override
    public void expel(String leader) throws IOException {
        reach(leader).raft.group().expel(id());
    }

    @Override
    public void admit(String leader, String raftId, boolean moved) throws IOException {
        Group leading = reach(leader).raft.group();
        GroupMember named = self().withRaftId(raftId);
        if (moved) {
            leading.move(named);
        } else {
            leading.add(named);
        }
    }

    private LogPosition pull(String nodeId, long atLeastIndex, Path target) throws IOException {
        pulls.incrementAndGet();
        try (Checkpoint checkpoint = reach(nodeId).machine.newCheckpoint()) {
            for (Path file : checkpoint.files()) {
                Files.copy(file, target.resolve(file.getFileName().toString()));
            }
            return checkpoint.position();
        }
    }

    // What its own log says

    @Override
    public void onOpened(long index, boolean isInstalled) throws IOException {
        raft.compareWithLog(index, isInstalled);
    }

    @Override
    public long term() {
        return raft.term();
    }

    @Override
    public long committed() {
        return raft.committed();
    }

    @Override
    public boolean isMember() {
        return raft.members().stream().anyMatch(member -> member.nodeId().equals(id()));
    }

    @Override
    public void onDoubted(String reason) {
        faults.add(reason);
    }

    @Override
    public void onRemoved() {
        removals.incrementAndGet();
    }

    @Override
    public void onMoved(String where) {
        take(TestMember::stop);
        take(TestMember::start);
    }

    @Override
    public boolean hasLeader() {
        return raft.isRunning() && !raft.leader().isEmpty();
    }

    // What the machine says

    @Override
    public void onLeaderReady(long term) {
        log.onLeaderChanged();
    }

    @Override
    public void onEffects(long term, List<Effect> effects) {
        // nobody subscribes here
    }

    @Override
    public void onNotLeader() {
        // no term to close
    }

    @Override
    public void onLeaderChanged(String leaderNodeId) {
        log.onLeaderChanged();
    }

    @Override
    public void onMembersChanged() {
        known.follow(raft.members());
    }

    @Override
    public void onFault(String what, Throwable cause) {
        faults.add(what + ": " + cause);
    }
}
