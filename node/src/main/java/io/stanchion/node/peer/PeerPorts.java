package io.stanchion.node.peer;

import com.google.protobuf.ByteString;
import io.stanchion.proto.peer.AppendResponse;
import io.stanchion.proto.peer.ChangeReply;
import io.stanchion.proto.peer.ChangeRequest;
import io.stanchion.proto.peer.Member;
import io.stanchion.proto.peer.Promised;
import io.stanchion.proto.peer.StandingReply;
import io.stanchion.proto.peer.StatusReply;
import io.stanchion.raftsm.store.Checkpoint;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** What the other nodes may ask of this one. Any thread may call. */
public interface PeerPorts {
    /** Appends a batch of another node's gateway if this node leads. The answer's ID is set by the caller. */
    CompletableFuture<AppendResponse> append(ByteString batch);

    Checkpoint newCheckpoint() throws IOException;

    /**
     * Another node asks whether it was known here. From now on it is.
     *
     * @param birth of its data directory
     */
    StandingReply standing(String nodeId, String birth) throws IOException;

    /**
     * Another node tells what it has promised, or asks what it had.
     *
     * @return with what was known of it before, and nothing else
     */
    default StandingReply keep(String nodeId, String birth, Promised told) throws IOException {
        return StandingReply.getDefaultInstance();
    }

    /** Blocks until the node is out of the group. */
    void expel(String nodeId) throws IOException;

    /** Blocks until the node is in the group again. */
    void admit(Member place) throws IOException;

    /** An operator's change. Blocks until it is made, or refused. */
    ChangeReply change(ChangeRequest request);

    /** How an operator sees this node and the group. */
    StatusReply status();
}
