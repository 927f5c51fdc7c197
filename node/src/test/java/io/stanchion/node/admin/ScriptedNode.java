package io.stanchion.node.admin;

import com.google.protobuf.ByteString;
import io.stanchion.node.peer.PeerAddress;
import io.stanchion.node.peer.PeerPorts;
import io.stanchion.node.peer.PeerServer;
import io.stanchion.proto.peer.AppendResponse;
import io.stanchion.proto.peer.ChangeReply;
import io.stanchion.proto.peer.ChangeRequest;
import io.stanchion.proto.peer.Member;
import io.stanchion.proto.peer.StandingReply;
import io.stanchion.proto.peer.StatusReply;
import io.stanchion.raftsm.store.Checkpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A node that listens on its peer port and answers operators as it is told to. */
public final class ScriptedNode implements PeerPorts, AutoCloseable {
    private final PeerServer server;
    private final String nodeId;

    public volatile StatusReply status;
    volatile Function<ChangeRequest, ChangeReply> onChange =
            request -> ChangeReply.newBuilder().setDone("done").build();

    private ScriptedNode(String clusterId, String nodeId) throws IOException {
        this.nodeId = nodeId;
        this.status = StatusReply.newBuilder().setNodeId(nodeId).build();
        this.server = PeerServer.start(clusterId, "127.0.0.1", 0, this);
    }

    public static ScriptedNode start(String clusterId, String nodeId) throws IOException {
        return new ScriptedNode(clusterId, nodeId);
    }

    public int port() {
        return server.port();
    }

    PeerAddress address() {
        return new PeerAddress("", "127.0.0.1", port());
    }

    Member member() {
        return Member.newBuilder()
                .setNodeId(nodeId)
                .setHost("127.0.0.1")
                .setPeerPort(port())
                .build();
    }

    void sees(List<Member> members) {
        status = status.toBuilder()
                .clearMembers()
                .addAllMembers(new ArrayList<>(members))
                .build();
    }

    /** Instead of an answer. */
    ChangeReply dies() {
        close();
        throw new IllegalStateException("node " + nodeId + " is dead");
    }

    @Override
    public StatusReply status() {
        return status;
    }

    @Override
    public ChangeReply change(ChangeRequest request) {
        return onChange.apply(request);
    }

    @Override
    public CompletableFuture<AppendResponse> append(ByteString batch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Checkpoint newCheckpoint() {
        throw new UnsupportedOperationException();
    }

    @Override
    public StandingReply standing(String asking, String birth) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void expel(String member) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void admit(Member place) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        server.close();
    }
}
