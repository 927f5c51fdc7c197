package io.stanchion.raftsm.ratis;

import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * What a node is called in the Raft group: by its node ID, as long as it is where it was met first, with the data that it had. A member
 * that has moved, or has lost its data and may come from another machine, has an ending, too. To Ratis it must be another peer: Ratis goes
 * on calling one where it has met it first, for as long as the process lives.
 */
public final class RaftIds {
    /** In no node ID. */
    private static final char ENDING = '~';

    private static final int ENDING_LENGTH = 8;

    private RaftIds() {}

    /** A name that this node has not had before. */
    public static String another(String nodeId) {
        return nodeId + ENDING + UUID.randomUUID().toString().substring(0, ENDING_LENGTH);
    }

    public static String nodeId(RaftPeerId raftId) {
        return nodeId(raftId.toString());
    }

    public static String nodeId(RaftPeerProto peer) {
        return nodeId(peer.getId().toStringUtf8());
    }

    private static String nodeId(String raftId) {
        int end = raftId.indexOf(ENDING);
        return end < 0 ? raftId : raftId.substring(0, end);
    }
}
