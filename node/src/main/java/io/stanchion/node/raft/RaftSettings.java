package io.stanchion.node.raft;

import java.util.List;

/**
 * The Raft group as this node is to run it.
 *
 * @param voters all nodes of the configuration file, this one included; counts on the first start only
 * @param electionMinMillis a follower stands for election after this time without a leader, or up to {@code electionMaxMillis}
 * @param logBytesMax of the Raft log on disk, about
 */
public record RaftSettings(
        String clusterId,
        String nodeId,
        String bindHost,
        List<RaftAddress> voters,
        long electionMinMillis,
        long electionMaxMillis,
        long logBytesMax) {
    public static final long ELECTION_MIN_MILLIS = 300;
    public static final long ELECTION_MAX_MILLIS = 600;
    public static final long LOG_BYTES_MAX = 1L << 30;

    /** Where a node's Raft server listens. */
    public record RaftAddress(String nodeId, String host, int port) {}

    RaftAddress self() {
        return voters.stream()
                .filter(voter -> voter.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("node " + nodeId + " is not among the voters"));
    }
}
