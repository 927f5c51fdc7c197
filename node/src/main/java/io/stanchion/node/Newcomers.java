package io.stanchion.node;

import io.stanchion.node.peer.OperatorCalls;
import io.stanchion.node.raft.Group;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.proto.peer.StatusReply;
import java.io.IOException;

/**
 * Looks who answers at an address before the leader gives it a place in the group. Ratis goes on calling a peer where it has met it first, so
 * a wrong address would stay with that node's name for as long as this process leads.
 */
final class Newcomers implements Group.Meeting {
    private final String clusterId;

    Newcomers(String clusterId) {
        this.clusterId = clusterId;
    }

    @Override
    public GroupMember meet(GroupMember asked) throws IOException {
        String place = asked.host() + ":" + asked.peerPort();
        StatusReply answer = answer(asked, place);
        if (!answer.getClusterId().equals(clusterId)) {
            throw new IOException(
                    "at " + place + " is a node of cluster " + answer.getClusterId() + ", not of " + clusterId);
        }
        if (!answer.getNodeId().equals(asked.nodeId())) {
            throw new IOException("at " + place + " is node " + answer.getNodeId() + ", not " + asked.nodeId()
                    + "; nothing was changed, correct the name or the address");
        }
        if (!answer.hasSelf()) {
            throw new IOException("node " + asked.nodeId() + " at " + place + " is still starting: "
                    + answer.getUnfitReason() + "; ask again when it waits to be added");
        }
        if (!answer.getWaiting()) {
            throw new IOException("node " + asked.nodeId() + " at " + place + " does not wait to be added ("
                    + (answer.getUnfitReason().isEmpty() ? "it is ready" : answer.getUnfitReason())
                    + "); a member that has lost its data or has moved comes back by itself, any other node needs an empty"
                    + " data directory");
        }
        GroupMember itself = GroupMember.of(answer.getSelf());
        if (itself.raftPort() != asked.raftPort()) {
            throw new IOException(
                    "node " + asked.nodeId() + " at " + place + " has Raft port " + itself.raftPort() + ", not "
                            + asked.raftPort() + "; write " + asked.nodeId() + "=" + place + ":" + itself.raftPort());
        }
        return asked.withRaftId(itself.raftId());
    }

    private static StatusReply answer(GroupMember asked, String place) throws IOException {
        try {
            return OperatorCalls.firstStatus(asked.host(), asked.peerPort());
        } catch (IOException e) {
            throw new IOException(
                    "no node answers this leader at " + place
                            + "; nothing was changed, correct the address, or start node " + asked.nodeId()
                            + " there first, with an empty data directory",
                    e);
        }
    }
}
