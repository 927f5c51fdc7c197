package io.stanchion.node;

import io.stanchion.node.compare.ReplicaComparison;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.node.raft.RaftNode;
import io.stanchion.raftsm.ratis.StanchionStateMachine;
import java.util.List;

/** This node's replica, and its place among the others. */
record ComparedReplica(RaftNode raft, StanchionStateMachine machine) implements ReplicaComparison.Here {
    @Override
    public boolean isLeading() {
        return raft.isLeaderReady();
    }

    @Override
    public boolean isCaughtUp() {
        return raft.unfitReason().isEmpty();
    }

    @Override
    public List<String> members() {
        return raft.members().stream().map(GroupMember::nodeId).toList();
    }

    @Override
    public boolean hearsAll() {
        return raft.group().hearsAll();
    }

    @Override
    public long changes() {
        return machine.changes();
    }
}
