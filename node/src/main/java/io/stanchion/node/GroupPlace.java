package io.stanchion.node;

import io.stanchion.node.raft.DiskSpace;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.node.raft.Membership;
import io.stanchion.node.raft.RaftNode;
import java.util.Optional;

/** This node's place in the group, from its running replica. */
record GroupPlace(RaftNode raft, GroupMember self, DiskSpace disk) implements Membership.Place {
    @Override
    public boolean isMember() {
        return inLog().isPresent();
    }

    /** A log that does not tell the peer port is from before it was written there. */
    @Override
    public boolean hasMoved() {
        return inLog().filter(member -> member.peerPort() != 0 && !member.equals(self))
                .isPresent();
    }

    @Override
    public boolean hasLeader() {
        return raft.isRunning() && !raft.leader().isEmpty();
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

    private Optional<GroupMember> inLog() {
        return raft.members().stream()
                .filter(member -> member.nodeId().equals(self.nodeId()))
                .findFirst();
    }
}
