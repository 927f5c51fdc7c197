package io.stanchion.raftsm.ratis;

import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * What a node is called in the Raft group. Who was there at the beginning has its node ID for a name; who comes later, or comes again with
 * an empty disk, or has moved, has an ending, too. To Ratis it must be another peer: Ratis goes on calling one where it has met it first,
 * for as long as the process lives.
 */
public final class RaftIds {
    /** In no node ID. */
    private static final char ENDING = '~';

    private static final int ENDING_LENGTH = 8;

    private RaftIds() {}

    /**
     * The name of a node that begins with an empty disk.
     *
     * @param birth of its data directory, random
     */
    public static String newcomer(String nodeId, String birth) {
        return nodeId + ENDING + birth.substring(0, Math.min(birth.length(), ENDING_LENGTH));
    }

    /** A name that this node has not had before. */
    public static String another(String nodeId) {
        return newcomer(nodeId, UUID.randomUUID().toString());
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
