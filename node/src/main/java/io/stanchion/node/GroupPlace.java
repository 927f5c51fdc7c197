package io.stanchion.node;

import io.stanchion.node.raft.DiskSpace;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.node.raft.Membership;
import io.stanchion.node.raft.RaftNode;

/** This node's place in the group, from its running replica. */
record GroupPlace(RaftNode raft, GroupMember self, DiskSpace disk) implements Membership.Place {
    @Override
    public boolean isMember() {
        return raft.members().stream().anyMatch(member -> member.nodeId().equals(self.nodeId()));
    }

    @Override
    public boolean hasLeader() {
        return raft.isRunning() && !raft.leader().isEmpty();
    }

    @Override
    public boolean leads() {
        return raft.isLeaderReady();
    }

    @Override
    public long term() {
        return raft.term();
    }

    @Override
    public long committed() {
        return raft.committed();
    }

    @Override
    public boolean isDiskShort() {
        return disk.isShort();
    }
}
