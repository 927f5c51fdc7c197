package io.stanchion.node.peer;

import com.google.protobuf.ByteString;
import io.stanchion.proto.peer.AppendResponse;
import io.stanchion.proto.peer.ChangeReply;
import io.stanchion.proto.peer.ChangeRequest;
import io.stanchion.proto.peer.Member;
import io.stanchion.proto.peer.StandingReply;
import io.stanchion.proto.peer.StatusReply;
import io.stanchion.raftsm.store.Checkpoint;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A node that answers its peers as the test says; what the test has not said, it can't do. */
final class ScriptedPorts implements PeerPorts {
    volatile Function<ByteString, CompletableFuture<AppendResponse>> onAppend = batch -> {
        throw new UnsupportedOperationException();
    };
    volatile CheckpointSender.Source checkpoints = () -> {
        throw new UnsupportedOperationException();
    };
    volatile String leader = "";
    volatile String readmissionError = "";

    @Override
    public CompletableFuture<AppendResponse> append(ByteString batch) {
        return onAppend.apply(batch);
    }

    @Override
    public Checkpoint newCheckpoint() throws IOException {
        return checkpoints.newCheckpoint();
    }

    @Override
    public StandingReply standing(String nodeId, String birth) {
        return StandingReply.newBuilder()
                .setKnown(nodeId.equals("known"))
                .setBirth("birth of " + nodeId + " is " + birth)
                .setLeader(leader)
                .build();
    }

    @Override
    public void expel(String nodeId) {}

    @Override
    public void admit(Member place) throws IOException {
        if (!readmissionError.isEmpty()) {
            throw new IOException(readmissionError);
        }
    }

    @Override
    public ChangeReply change(ChangeRequest request) {
        return ChangeReply.newBuilder().setDone(request.getChangeCase().name()).build();
    }

    @Override
    public StatusReply status() {
        return StatusReply.newBuilder().setLeader(leader).build();
    }
}
