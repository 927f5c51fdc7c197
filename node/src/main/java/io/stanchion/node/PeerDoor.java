package io.stanchion.node;

import com.google.protobuf.ByteString;
import io.stanchion.node.peer.PeerPorts;
import io.stanchion.node.raft.DataDirectory;
import io.stanchion.node.raft.LeaderRoute;
import io.stanchion.node.raft.RaftNode;
import io.stanchion.proto.peer.AppendResponse;
import io.stanchion.proto.peer.StandingReply;
import io.stanchion.proto.peer.Unavailable;
import io.stanchion.raftsm.ratis.StanchionStateMachine;
import io.stanchion.raftsm.store.Checkpoint;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the other nodes may ask of this one. Until the Raft server is there, it only says whom it has met. */
final class PeerDoor implements PeerPorts {
    private final DataDirectory data;
    private final StanchionStateMachine machine;
    private final AtomicReference<@Nullable RaftNode> raft = new AtomicReference<>();

    PeerDoor(DataDirectory data, StanchionStateMachine machine) {
        this.data = data;
        this.machine = machine;
    }

    void open(RaftNode started) {
        raft.set(started);
    }

    @Override
    public CompletableFuture<AppendResponse> append(ByteString batch) {
        RaftNode present = raft.get();
        return present == null
                ? CompletableFuture.completedFuture(AppendResponse.newBuilder()
                        .setUnavailable(Unavailable.newBuilder().setReason("starting"))
                        .build())
                : LeaderRoute.accept(present, batch);
    }

    @Override
    public Checkpoint newCheckpoint() throws IOException {
        return machine.newCheckpoint();
    }

    @Override
    public StandingReply standing(String nodeId, String birth) throws IOException {
        RaftNode present = raft.get();
        return StandingReply.newBuilder()
                .setKnown(data.remember(nodeId, birth))
                .setBirth(data.birth())
                .setKeyCheck(data.keyCheck())
                .setLeader(present == null ? "" : present.leader())
                .build();
    }

    @Override
    public void expel(String nodeId) throws IOException {
        running().expel(nodeId);
    }

    @Override
    public void admit(String nodeId) throws IOException {
        running().admit(nodeId);
    }

    private RaftNode running() throws IOException {
        RaftNode present = raft.get();
        if (present == null) {
            throw new IOException("starting");
        }
        return present;
    }
}
