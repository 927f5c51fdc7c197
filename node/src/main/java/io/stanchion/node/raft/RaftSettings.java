package io.stanchion.node.raft;

import java.util.List;

/**
 * The Raft group as this node is to run it.
 *
 * @param voters all nodes of the configuration file, this one included; they make up the group on the first start of a new cluster only
 * @param isLasting whether the log must survive the machine, and not just the process
 * @param electionMinMillis a follower stands for election after this time without a leader, or up to {@code electionMaxMillis}
 */
public record RaftSettings(
        String clusterId,
        String nodeId,
        String bindHost,
        List<GroupMember> voters,
        boolean isLasting,
        long electionMinMillis,
        long electionMaxMillis) {

    GroupMember self() {
        return voters.stream()
                .filter(voter -> voter.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("node " + nodeId + " is not among the voters"));
    }
}
