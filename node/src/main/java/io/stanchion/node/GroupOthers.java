package io.stanchion.node;

import io.stanchion.node.raft.DataDirectory;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.node.raft.Quarantine;
import io.stanchion.node.raft.RaftNode;
import io.stanchion.proto.peer.StandingReply;
import java.io.IOException;
import java.util.List;

/** The members of the group besides this node: as its log has them, or if it has none, as the configuration does. */
record GroupOthers(RaftNode raft, ClusterLinks links, DataDirectory data) implements Quarantine.Others {
    @Override
    public List<String> members() {
        List<GroupMember> inLog = raft.members();
        return inLog.isEmpty()
                ? links.known().members()
                : inLog.stream()
                        .map(GroupMember::nodeId)
                        .filter(nodeId -> !nodeId.equals(data.nodeId()))
                        .toList();
    }

    @Override
    public StandingReply ask(String nodeId) throws IOException {
        return links.standing(nodeId, data.birth());
    }
}
