package io.stanchion.node.raft;

import java.util.List;

/**
 * The Raft group as this node is to run it.
 *
 * @param voters all nodes of the configuration file, this one included; counts on the first start only
 * @param isLasting whether the log must survive the machine, and not just the process
 * @param electionMinMillis a follower stands for election after this time without a leader, or up to {@code electionMaxMillis}
 */
public record RaftSettings(
        String clusterId,
        String nodeId,
        String bindHost,
        List<RaftAddress> voters,
        boolean isLasting,
        long electionMinMillis,
        long electionMaxMillis) {
    /** Where a node's Raft server listens. */
    public record RaftAddress(String nodeId, String host, int port) {}

    RaftAddress self() {
        return voters.stream()
                .filter(voter -> voter.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("node " + nodeId + " is not among the voters"));
    }
}
