package io.stanchion.node.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.node.raft.BatchSubmitter.Answer;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.proto.peer.Promised;
import io.stanchion.raftsm.ratis.RaftIds;
import io.stanchion.raftsm.ratis.StanchionStateMachine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Ratis server of this node, for one group. Thread-safe. */
public final class RaftNode implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RaftNode.class);
    private static final long ADMIN_MILLIS = 10_000;

    /** As many entries behind the leader's commit are still "caught up": under load a follower is never at zero. */
    private static final long CAUGHT_UP_ENTRIES = 1_000;

    private final RaftSettings settings;
    private final DataDirectory data;
    private final StanchionStateMachine machine;
    private final Function<String, NodeVitals> vitals;
    private final RaftGroupId groupId;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callIds = new AtomicLong();
    private final CatchUp catchUp = new CatchUp();
    private final AtomicLong handOvers = new AtomicLong();
    private volatile @Nullable RaftServer server;
    private volatile RaftServer.@Nullable Division division;

    /** @param vitals how the other nodes fare, by their IDs */
    public RaftNode(
            RaftSettings settings,
            DataDirectory data,
            StanchionStateMachine machine,
            Function<String, NodeVitals> vitals) {
        this.settings = settings;
        this.vitals = vitals;
        this.data = data;
        this.machine = machine;
        this.groupId = RaftGroupId.valueOf(
                UUID.nameUUIDFromBytes(("stanchion " + settings.clusterId()).getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Starts the Ratis server. Blocks until it runs; there may be no leader yet.
     *
     * @param withVoters false for a node that must not vote before the cluster has taken it in again: it starts knowing nobody
     */
    public void start(boolean withVoters) throws IOException {
        refuseIfTaken(settings.bindHost(), settings.self().raftPort());
        String raftId = data.raftId(); // it may have changed while this node asked whether it may vote
        List<RaftPeer> voters = withVoters
                ? settings.voters().stream()
                        .map(voter -> named(voter, raftId))
                        .map(GroupMember::toRaft)
                        .toList()
                : List.of();
        RaftServer built = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(raftId))
                .setGroup(RaftGroup.valueOf(groupId, voters))
                .setStateMachine(machine)
                .setProperties(RatisProperties.of(settings, data.raft()))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        server = built;
        built.start();
        division = built.getDivision(groupId);
    }

    /** Ratis wants to find itself among the voters, also where only the log counts. */
    private GroupMember named(GroupMember voter, String raftId) {
        return voter.nodeId().equals(settings.nodeId()) ? voter.withRaftId(raftId) : voter;
    }

    /** The database is open: it must be one that this log has made. A node that starts blank can't say. */
    public void compareWithLog(long position, boolean isInstalled) throws DamagedDataException {
        LogCheck.Found found = data.logAtStart();
        if (division == null && !found.isNothing()) {
            LogCheck.compare(found, position, isInstalled);
        }
    }

    /** Ratis ends the process, at length, when it finds the port taken. */
    private static void refuseIfTaken(String host, int port) throws IOException {
        if (port == 0) {
            return;
        }
        try (ServerSocket free = new ServerSocket()) {
            free.setReuseAddress(true);
            free.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen for the Raft log on " + host + ":" + port
                            + ": the port is taken or the address is not of this machine; choose another with raft_port",
                    e);
        }
    }

    // Appending

    /**
     * Appends a batch if this node leads. Call it from one thread: the order of calls is the order of entries. Blocks while Ratis' queue is
     * full.
     */
    CompletableFuture<Answer> submit(ByteString batch) {
        RaftServer.Division running = division;
        if (running == null) {
            return unavailable("starting");
        }
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(running.getId())
                .setGroupId(groupId)
                .setCallId(callIds.incrementAndGet())
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(batch.asReadOnlyByteBuffer())))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        try {
            // The division itself: the server would hand each request to another thread and wait for it.
            return ((RaftClientAsynchronousProtocol) running)
                    .submitClientRequestAsync(request)
                    .handle(RaftNode::answer);
        } catch (IOException | RuntimeException e) {
            return unavailable(String.valueOf(e));
        }
    }

    /**
     * Lets a follower ask its leader something over Ratis' own connection. It opens one only when it needs it first, and that would be when it
     * stands for election and everybody waits. Returns at once.
     */
    void keepInTouch() {
        RaftServer.Division running = division;
        if (running == null || !running.getInfo().isFollower() || leader().isEmpty()) {
            return;
        }
        RaftClientRequest read = RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(running.getId())
                .setGroupId(groupId)
                .setCallId(callIds.incrementAndGet())
                .setMessage(Message.valueOf("in touch"))
                .setType(RaftClientRequest.readRequestType())
                .build();
        try {
            var unused = ((RaftClientAsynchronousProtocol) running).submitClientRequestAsync(read);
        } catch (IOException | RuntimeException e) {
            log.debug("the leader could not be asked", e);
        }
    }

    private static CompletableFuture<Answer> unavailable(String reason) {
        return CompletableFuture.completedFuture(new Answer.Unavailable(reason));
    }

    private static Answer answer(@Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (reply == null) {
            return new Answer.Unavailable(String.valueOf(failure));
        }
        if (!reply.isSuccess()) {
            return new Answer.Unavailable(String.valueOf(reply.getException()));
        }
        try {
            return new Answer.Applied(
                    BatchReply.parseFrom(reply.getMessage().getContent().asReadOnlyByteBuffer()));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the machine's reply is not one", e);
        }
    }

    // What is known

    public boolean isLeader() {
        RaftServer.Division running = division;
        return running != null && running.getInfo().isLeader();
    }

    /** Leads, and has applied everything of earlier terms. */
    public boolean isLeaderReady() {
        RaftServer.Division running = division;
        return running != null && running.getInfo().isLeaderReady();
    }

    /** Leads, and has had an answer from enough followers in the last milliseconds that they cannot have chosen another. */
    public boolean isHeardByMajority(long withinMillis) {
        RaftServer.Division running = division;
        RoleInfoProto role = running == null ? null : running.getInfo().getRoleInfoProto();
        if (role == null || !role.hasLeaderInfo()) {
            return false;
        }
        List<ServerRpcProto> followers = role.getLeaderInfo().getFollowerInfoList();
        long heard = followers.stream()
                .filter(follower -> follower.getLastRpcElapsedTimeMs() <= withinMillis)
                .count();
        return 2 * (heard + 1) > followers.size() + 1;
    }

    /** Empty if no leader is known. */
    public String leader() {
        RaftServer.Division running = division;
        RaftPeerId leader = running == null ? null : running.getInfo().getLeaderId();
        return leader == null ? "" : RaftIds.nodeId(leader);
    }

    /** Leader, Follower or Candidate. */
    public String role() {
        RaftServer.Division running = division;
        if (running == null
                || running.getInfo().isFollower()
                || running.getInfo().isListener()) {
            return "Follower";
        }
        return running.getInfo().isLeader() ? "Leader" : "Candidate";
    }

    public boolean isRunning() {
        RaftServer.Division running = division;
        return running != null && running.getInfo().getLifeCycleState() == LifeCycle.State.RUNNING;
    }

    /** Why this replica is not fit to serve, in a few words; empty if it is. */
    public String unfitReason() {
        RaftServer.Division running = division;
        if (running == null) {
            return "starting";
        }
        LifeCycle.State state = running.getInfo().getLifeCycleState();
        if (state != LifeCycle.State.RUNNING) {
            return "replica is " + state;
        }
        String leader = leader();
        if (leader.isEmpty()) {
            return "no leader";
        }
        if (running.getInfo().isLeader() && !running.getInfo().isLeaderReady()) {
            return "leader is not ready";
        }
        String lacking = catchUp.lacks(commitOf(running, leader), machine.appliedIndex());
        if (!lacking.isEmpty()) {
            return lacking;
        }
        long behind = entriesBehind();
        return behind > CAUGHT_UP_ENTRIES ? "replica is " + behind + " entries behind" : "";
    }

    /** Entries that are committed, as far as this node knows, and not applied here. */
    public long entriesBehind() {
        RaftServer.Division running = division;
        return running == null ? 0 : Math.max(0, highestCommit(running) - machine.appliedIndex());
    }

    private static OptionalLong commitOf(RaftServer.Division running, String nodeId) {
        return running.getCommitInfos().stream()
                .filter(commit -> RaftIds.nodeId(commit.getServer()).equals(nodeId))
                .mapToLong(CommitInfoProto::getCommitIndex)
                .findFirst();
    }

    private static long highestCommit(RaftServer.Division running) {
        long highest = running.getRaftLog().getLastCommittedIndex();
        for (CommitInfoProto commit : running.getCommitInfos()) {
            highest = Math.max(highest, commit.getCommitIndex());
        }
        return highest;
    }

    /** What a follower has acknowledged, while this node leads. */
    public Optional<Promised> matched(String nodeId) {
        RaftServer.Division running = division;
        RoleInfoProto role = running == null ? null : running.getInfo().getRoleInfoProto();
        if (running == null || role == null || !role.hasLeaderInfo()) {
            return Optional.empty();
        }
        long[] matches = running.getInfo().getFollowerMatchIndices();
        List<ServerRpcProto> followers = role.getLeaderInfo().getFollowerInfoList(); // in the order of these
        if (matches == null) { // it has ceased to lead this very moment
            return Optional.empty();
        }
        for (int i = 0; i < followers.size() && followers.size() == matches.length; i++) {
            if (RaftIds.nodeId(followers.get(i).getId()).equals(nodeId) && matches[i] >= 0) {
                return Optional.of(Promised.newBuilder()
                        .setTerm(role.getLeaderInfo().getTerm())
                        .setIndex(matches[i])
                        .build());
            }
        }
        return Optional.empty();
    }

    /** The highest term that this node has seen; 0 before the start. */
    public long term() {
        RaftServer.Division running = division;
        return running == null ? 0 : running.getInfo().getCurrentTerm();
    }

    /** Index of the last entry that is committed and on this node's disk, as far as this node knows; -1 if there is none. */
    public long committed() {
        RaftServer.Division running = division;
        return running == null
                ? -1
                : Math.min(
                        running.getRaftLog().getLastCommittedIndex(),
                        running.getRaftLog().getFlushIndex());
    }

    public long appliedIndex() {
        return machine.appliedIndex();
    }

    /** The nodes of the group, as the log has it; none before the log says anything about it. */
    public List<GroupMember> members() {
        RaftServer.Division running = division;
        if (running == null || running.getRaftConf().getLogEntryIndex() < 0) {
            return List.of();
        }
        return running.getRaftConf().getCurrentPeers().stream()
                .map(GroupMember::of)
                .sorted(Comparator.comparing(GroupMember::nodeId))
                .toList();
    }

    /** Whether what {@link #members} says is committed, as far as this node knows. */
    public boolean isGroupCommitted() {
        RaftServer.Division running = division;
        if (running == null) {
            return false;
        }
        RaftConfiguration group = running.getRaftConf();
        return group.getLogEntryIndex() >= 0
                && group.getLogEntryIndex() <= running.getRaftLog().getLastCommittedIndex()
                && group.getPreviousPeers().isEmpty(); // else it is half a change
    }

    // Administration

    /** Lets Ratis take a snapshot and cut the log behind it. Returns at once. */
    public void takeSnapshot() {
        try {
            var unused = ask((running, origin) -> running.snapshotManagementAsync(SnapshotManagementRequest.newCreate(
                            origin.client(), origin.server(), origin.group(), origin.callId(), ADMIN_MILLIS, 1)))
                    .whenComplete((reply, failure) -> {
                        if (failure != null || !reply.isSuccess()) {
                            log.warn("no snapshot was taken: {}", failure != null ? failure : reply.getException());
                        }
                    });
        } catch (IOException | RuntimeException e) {
            log.debug("no snapshot was taken", e);
        }
    }

    /** Changes of who leads and who belongs to the group. */
    public Group group() {
        return new Group(this, settings.nodeId());
    }

    /** Sends a request to this node's own server. */
    CompletableFuture<RaftClientReply> ask(AdminCall call) throws IOException {
        RaftServer present = server;
        if (present == null) {
            throw new IOException("this node is stopping");
        }
        return call.send(present, new AdminCall.Origin(clientId, present.getId(), groupId, callIds.incrementAndGet()));
    }

    /** A request to the Ratis server that is not about the log's content. */
    @FunctionalInterface
    interface AdminCall {
        /** What every request says about itself. */
        record Origin(ClientId client, RaftPeerId server, RaftGroupId group, long callId) {}

        CompletableFuture<RaftClientReply> send(RaftServer server, Origin origin) throws IOException;
    }

    void onHandedOver() {
        handOvers.incrementAndGet();
    }

    /** How often this node has given its leadership to another. */
    public long handOvers() {
        return handOvers.get();
    }

    /** A follower that has not answered for longer does not count as living; an idle leader asks twice in the shorter election timeout. */
    long silentMillis() {
        return Math.max(Group.SILENT_MILLIS, settings.electionMaxMillis());
    }

    NodeVitals vitalsOf(String nodeId) {
        return vitals.apply(nodeId);
    }

    /** Null before the start and after the end. */
    RaftServer.@Nullable Division division() {
        return division;
    }

    @Override
    public void close() throws IOException {
        division = null;
        RaftServer present = server;
        if (present != null) {
            server = null;
            present.close();
        }
    }
}
