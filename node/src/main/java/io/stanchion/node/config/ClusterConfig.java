package io.stanchion.node.config;

import java.util.List;

/**
 * The nodes that share one log.
 *
 * @param nodeId of this node
 * @param members all of them, this node included; just this node if it is alone
 * @param listenHost the address on which the others reach this node
 * @param allowsAddRemoveNode whether clients may ask to change the group
 * @param compareMillis between two comparisons of the replicas; 0 for none
 */
public record ClusterConfig(
        String nodeId,
        List<Member> members,
        String listenHost,
        long electionTimeoutMillisMin,
        long electionTimeoutMillisMax,
        boolean allowsAddRemoveNode,
        long compareMillis) {

    /** Ports are 0, for any, if the node is alone. */
    public record Member(String nodeId, String host, int peerPort, int raftPort) {}

    public boolean isAlone() {
        return members.size() == 1;
    }

    public Member self() {
        return members.stream()
                .filter(member -> member.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("node " + nodeId + " is not a member"));
    }
}
