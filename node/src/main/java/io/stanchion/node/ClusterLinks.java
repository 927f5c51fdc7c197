package io.stanchion.node;

import com.google.protobuf.ByteString;
import io.stanchion.gateway.core.Router;
import io.stanchion.node.config.ClusterConfig;
import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.monitor.PeerFacts;
import io.stanchion.node.peer.LocalIdentity;
import io.stanchion.node.peer.PeerAddress;
import io.stanchion.node.peer.PeerCalls;
import io.stanchion.node.peer.PeerChannels;
import io.stanchion.node.peer.PeerMesh;
import io.stanchion.node.peer.PeerPorts;
import io.stanchion.node.peer.PeerServer;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.node.raft.KnownPlaces;
import io.stanchion.node.raft.Membership;
import io.stanchion.node.raft.NodeVitals;
import io.stanchion.proto.peer.AppendResponse;
import io.stanchion.proto.peer.Promised;
import io.stanchion.proto.peer.StandingReply;
import io.stanchion.raftsm.store.CheckpointSource;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** All that leads to the other nodes. A node that is alone has none of it. */
final class ClusterLinks implements Membership.Peers, AutoCloseable {
    private static final long QUEUED_BYTES_MAX = 64L << 20;

    private final NodeConfig config;
    private final Router router;
    private final KnownPlaces known;
    private final PeerChannels channels;
    private final PeerCalls calls;
    private volatile @Nullable PeerMesh mesh;
    private @Nullable PeerServer server;

    ClusterLinks(NodeConfig config, Router router, long process) {
        this.config = config;
        this.router = router;
        ClusterConfig cluster = config.cluster();
        PeerChannels reached = new PeerChannels(List.of());
        this.channels = reached;
        this.known = new KnownPlaces(
                cluster.nodeId(), Settings.raft(config).voters(), places -> reached.setPeers(addresses(places)));
        reached.setPeers(addresses(known.places()));
        this.calls = new PeerCalls(identity(process, List.of()), channels);
    }

    private static List<PeerAddress> addresses(Collection<GroupMember> places) {
        return places.stream()
                .map(place -> new PeerAddress(place.nodeId(), place.host(), place.peerPort()))
                .toList();
    }

    private LocalIdentity identity(long process, List<String> clientUrls) {
        return new LocalIdentity(
                config.streaming().clusterId(), config.cluster().nodeId(), process, clientUrls);
    }

    /**
     * Listens for the others and reaches out to them.
     *
     * @param clientUrls of this node
     * @param events told those of the others, and who can't be reached
     */
    void start(PeerPorts ports, long process, List<String> clientUrls, PeerMesh.Events events) throws IOException {
        if (config.cluster().isAlone()) {
            return;
        }
        PeerServer listening = PeerServer.start(
                config.streaming().clusterId(),
                config.cluster().listenHost(),
                config.cluster().self().peerPort(),
                ports);
        server = listening;
        PeerMesh started = new PeerMesh(identity(process, clientUrls), channels, router, events, QUEUED_BYTES_MAX);
        started.setPeers(addresses(known.places()));
        mesh = started;
        listening.serve(started);
    }

    /** Follows the group, as the log has it. For one thread at a time. */
    void follow(List<GroupMember> members) {
        PeerMesh present = mesh;
        if (present == null || members.isEmpty()) {
            return;
        }
        known.follow(members);
        present.setPeers(addresses(known.memberPlaces()));
    }

    /** The other nodes, and where they are. */
    KnownPlaces known() {
        return known;
    }

    /** Whether the interest of every other node is known here. */
    boolean isComplete() {
        PeerMesh present = mesh;
        return config.cluster().isAlone() || (present != null && present.isComplete());
    }

    NodeVitals vitals(String nodeId) {
        PeerMesh present = mesh;
        return present == null ? NodeVitals.UNKNOWN : present.vitals(nodeId);
    }

    /** Tells the others how this node fares. */
    void tell(NodeVitals vitals) {
        PeerMesh present = mesh;
        if (present != null) {
            present.tell(vitals);
        }
    }

    /** The others send no clients here any more. */
    void withdrawClientUrls() {
        PeerMesh present = mesh;
        if (present != null) {
            present.withdrawClientUrls();
        }
    }

    int connectedPeers() {
        PeerMesh present = mesh;
        return present == null ? 0 : present.connectedPeers();
    }

    /** What the clocks of other nodes show, as far as it is known; Unix nanoseconds. */
    List<Long> clocks() {
        PeerMesh present = mesh;
        return present == null ? List.of() : present.clocks().now();
    }

    /** How many other nodes there are in the group. */
    int size() {
        PeerMesh present = mesh;
        return present == null ? known.members().size() : present.size();
    }

    /** Tells the others what this node's clock shows. */
    void tellTime() {
        PeerMesh present = mesh;
        if (present != null) {
            present.tellTime();
        }
    }

    boolean isConnected(String nodeId) {
        PeerMesh present = mesh;
        return present != null && present.isConnected(nodeId);
    }

    List<PeerFacts> peers() {
        PeerMesh present = mesh;
        return addresses(known.memberPlaces()).stream()
                .map(peer -> new PeerFacts(
                        peer.nodeId(),
                        peer.host(),
                        peer.port(),
                        isConnected(peer.nodeId()),
                        present == null ? 0 : present.queuedBytes(peer.nodeId())))
                .toList();
    }

    CheckpointSource checkpoints() {
        return calls;
    }

    CompletableFuture<AppendResponse> append(String nodeId, ByteString batch) {
        return calls.append(nodeId, batch);
    }

    @Override
    public StandingReply standing(String nodeId, String birth) throws IOException {
        return calls.standing(nodeId, birth);
    }

    @Override
    public StandingReply keep(String nodeId, String birth, Promised own) throws IOException {
        return calls.keep(nodeId, birth, own);
    }

    @Override
    public void expel(String leader) throws IOException {
        calls.expel(leader);
    }

    @Override
    public void admit(String leader, String raftId, boolean moved) throws IOException {
        calls.admit(
                leader,
                Settings.self(config).withRaftId(raftId).toProto().toBuilder()
                        .setMoved(moved)
                        .build());
    }

    @Override
    public void close() {
        PeerMesh present = mesh;
        if (present != null) {
            present.close();
        }
        calls.close();
        if (server != null) {
            server.close();
        }
        channels.close();
    }
}
