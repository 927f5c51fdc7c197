package io.stanchion.node.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.node.raft.BatchSubmitter.Answer;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.raftsm.ratis.StanchionStateMachine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
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
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
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
    private final RaftGroupId groupId;
    private final RaftPeerId selfId;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callIds = new AtomicLong();
    private volatile @Nullable RaftServer server;
    private volatile RaftServer.@Nullable Division division;

    public RaftNode(RaftSettings settings, DataDirectory data, StanchionStateMachine machine) {
        this.settings = settings;
        this.data = data;
        this.machine = machine;
        this.selfId = RaftPeerId.valueOf(settings.nodeId());
        this.groupId = RaftGroupId.valueOf(
                UUID.nameUUIDFromBytes(("stanchion " + settings.clusterId()).getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Starts the Ratis server. Blocks until it runs; there may be no leader yet.
     *
     * @param withVoters false for a node that must not vote before the cluster has taken it in again: it starts knowing nobody
     */
    public void start(boolean withVoters) throws IOException {
        refuseIfTaken(settings.bindHost(), settings.self().port());
        List<RaftPeer> voters =
                withVoters ? settings.voters().stream().map(RaftNode::peer).toList() : List.of();
        RaftServer built = RaftServer.newBuilder()
                .setServerId(selfId)
                .setGroup(RaftGroup.valueOf(groupId, voters))
                .setStateMachine(machine)
                .setProperties(RatisProperties.of(settings, data.raft()))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        server = built;
        built.start();
        division = built.getDivision(groupId);
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

    private static RaftPeer peer(RaftSettings.RaftAddress address) {
        String host = address.host().indexOf(':') >= 0 ? "[" + address.host() + "]" : address.host();
        return RaftPeer.newBuilder()
                .setId(address.nodeId())
                .setAddress(host + ":" + address.port())
                .build();
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
                .setServerId(selfId)
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
        return leader == null ? "" : leader.toString();
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
        long behind = highestCommit(running) - machine.appliedIndex();
        return behind > CAUGHT_UP_ENTRIES ? "replica is " + behind + " entries behind" : "";
    }

    private static long highestCommit(RaftServer.Division running) {
        long highest = running.getRaftLog().getLastCommittedIndex();
        for (CommitInfoProto commit : running.getCommitInfos()) {
            highest = Math.max(highest, commit.getCommitIndex());
        }
        return highest;
    }

    public long appliedIndex() {
        return machine.appliedIndex();
    }

    /** IDs of the nodes in the group, as the log has it. */
    public List<String> members() {
        RaftServer.Division running = division;
        return running == null
                ? List.of()
                : running.getRaftConf().getCurrentPeers().stream()
                        .map(member -> member.getId().toString())
                        .sorted()
                        .toList();
    }

    // Administration

    /** Lets Ratis take a snapshot and cut the log behind it. Returns at once. */
    public void takeSnapshot() {
        RaftServer running = server;
        if (running == null) {
            return;
        }
        try {
            var unused = running.snapshotManagementAsync(SnapshotManagementRequest.newCreate(
                            clientId, selfId, groupId, callIds.incrementAndGet(), ADMIN_MILLIS, 1))
                    .whenComplete((reply, failure) -> {
                        if (failure != null || !reply.isSuccess()) {
                            log.warn("no snapshot was taken: {}", failure != null ? failure : reply.getException());
                        }
                    });
        } catch (RuntimeException e) {
            log.warn("no snapshot was taken", e);
        }
    }

    /** If this node leads: gives the leadership to the follower that has most of the log. Blocks, but not for long. */
    public void handOver() {
        RaftServer.Division running = division;
        RaftServer present = server;
        if (present == null || running == null || !running.getInfo().isLeader()) {
            return;
        }
        RaftPeer heir = mostCaughtUp(running);
        if (heir == null) {
            return;
        }
        long began = System.nanoTime();
        try {
            RaftClientReply reply = present.transferLeadershipAsync(new TransferLeadershipRequest(
                            clientId, selfId, groupId, callIds.incrementAndGet(), heir.getId(), 3_000))
                    .get(3_500, TimeUnit.MILLISECONDS);
            if (reply.isSuccess()) {
                log.info(
                        "handed leadership over to={} millis={}",
                        heir.getId(),
                        (System.nanoTime() - began) / 1_000_000);
            } else {
                log.warn(
                        "could not hand leadership over to={}: {}",
                        heir.getId(),
                        reply.getException().getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | ExecutionException | TimeoutException e) {
            log.warn("could not hand leadership over to={}: {}", heir.getId(), e.toString());
        }
    }

    private @Nullable RaftPeer mostCaughtUp(RaftServer.Division running) {
        RaftPeer best = null;
        long bestCommit = -1;
        for (CommitInfoProto commit : running.getCommitInfos()) {
            RaftPeerId id = RaftPeerId.valueOf(commit.getServer().getId());
            RaftPeer member = running.getRaftConf().getPeer(id);
            if (member != null && !id.equals(selfId) && commit.getCommitIndex() > bestCommit) {
                best = member;
                bestCommit = commit.getCommitIndex();
            }
        }
        return best;
    }

    /**
     * Takes a member that has lost its log out of the group. For the leader, before that member runs again: blank as it is, it must neither
     * vote nor count.
     *
     * @throws IOException if this node does not lead, or the group refuses
     */
    public void expel(String nodeId) throws IOException {
        List<RaftPeer> members = membersAsLeader();
        List<RaftPeer> others = without(nodeId, members);
        if (others.size() < members.size()) {
            log.info("a member has lost its data and is taken out of the group node={}", nodeId);
            setMembers(others);
        }
    }

    /**
     * Takes a node into the group that knows nothing yet; it counts when it has caught up. For the leader.
     *
     * @throws IOException if this node does not lead, or the group refuses
     */
    public void admit(String nodeId) throws IOException {
        RaftPeer returning = settings.voters().stream()
                .filter(voter -> voter.nodeId().equals(nodeId))
                .map(RaftNode::peer) // its address may have changed with its disk
                .findFirst()
                .orElseThrow(() -> new IOException("node " + nodeId + " is not among the peers"));
        List<RaftPeer> all = new ArrayList<>(without(nodeId, membersAsLeader()));
        all.add(returning);
        setMembers(all);
        log.info("a member is in the group again node={}", nodeId);
    }

    private List<RaftPeer> membersAsLeader() throws IOException {
        RaftServer.Division running = division;
        if (running == null || !running.getInfo().isLeaderReady()) {
            throw new IOException("this node does not lead");
        }
        return List.copyOf(running.getRaftConf().getCurrentPeers());
    }

    private static List<RaftPeer> without(String nodeId, List<RaftPeer> members) {
        return members.stream()
                .filter(member -> !member.getId().toString().equals(nodeId))
                .toList();
    }

    private void setMembers(List<RaftPeer> members) throws IOException {
        RaftServer present = server;
        if (present == null) {
            throw new IOException("this node is stopping");
        }
        try {
            RaftClientReply reply = present.setConfigurationAsync(
                            new SetConfigurationRequest(clientId, selfId, groupId, callIds.incrementAndGet(), members))
                    .get(120, TimeUnit.SECONDS);
            if (!reply.isSuccess()) {
                throw new IOException("the group could not be changed", reply.getException());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the group was being changed", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the group could not be changed", e);
        }
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
