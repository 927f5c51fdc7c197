package io.stanchion.node.raft;

import io.stanchion.proto.peer.Member;
import io.stanchion.raftsm.ratis.RaftIds;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.protocol.RaftPeer;

/**
 * Where a node of the group is to be found. The Raft log carries it whole: Ratis' address of a peer is the one of its Raft port, and the
 * address "for clients" the one of its peer port.
 *
 * @param peerPort 0 if the log does not say, or the node is alone
 * @param raftId its name in the Raft group, see {@link RaftIds}; empty if whoever speaks of it does not know
 */
public record GroupMember(String nodeId, String host, int peerPort, int raftPort, String raftId) {
    private static final Pattern TEXT =
            Pattern.compile("([A-Za-z0-9_-]+)=(\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+):([0-9]{1,5})(?::([0-9]{1,5}))?");

    private static final int PORT_MAX = 65_535;

    /** A node of a new cluster. */
    public GroupMember(String nodeId, String host, int peerPort, int raftPort) {
        this(nodeId, host, peerPort, raftPort, nodeId);
    }

    public GroupMember withRaftId(String id) {
        return new GroupMember(nodeId, host, peerPort, raftPort, id);
    }

    /** Whether both are the same node at the same address. A log that does not tell the peer port is from before it was written there. */
    public boolean isAtPlaceOf(GroupMember other) {
        boolean samePeerPort = peerPort == other.peerPort || peerPort == 0 || other.peerPort == 0;
        return nodeId.equals(other.nodeId) && host.equals(other.host) && raftPort == other.raftPort && samePeerPort;
    }

    RaftPeer toRaft() {
        RaftPeer.Builder peer =
                RaftPeer.newBuilder().setId(raftId.isEmpty() ? nodeId : raftId).setAddress(address(raftPort));
        return peerPort == 0
                ? peer.build()
                : peer.setClientAddress(address(peerPort)).build();
    }

    static GroupMember of(RaftPeer peer) {
        String raft = peer.getAddress();
        int colon = raft.lastIndexOf(':');
        return new GroupMember(
                RaftIds.nodeId(peer.getId()),
                unbracketed(raft.substring(0, colon)),
                port(peer.getClientAddress()),
                port(raft),
                peer.getId().toString());
    }

    /** As an operator writes it: {@code name=host:port}, with a third number for the Raft port if it is not the next one. */
    public static Optional<GroupMember> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int peerPort = Integer.parseInt(parts.group(3));
        int raftPort = parts.group(4) == null ? peerPort + 1 : Integer.parseInt(parts.group(4));
        boolean ports =
                peerPort > 0 && raftPort > 0 && Math.max(peerPort, raftPort) <= PORT_MAX && peerPort != raftPort;
        return ports
                ? Optional.of(new GroupMember(parts.group(1), unbracketed(parts.group(2)), peerPort, raftPort, ""))
                : Optional.empty();
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    public Member toProto() {
        return Member.newBuilder()
                .setNodeId(nodeId)
                .setHost(host)
                .setPeerPort(peerPort)
                .setRaftPort(raftPort)
                .setRaftId(raftId)
                .build();
    }

    public static GroupMember of(Member member) {
        return new GroupMember(
                member.getNodeId(), member.getHost(), member.getPeerPort(), member.getRaftPort(), member.getRaftId());
    }

    private static int port(String address) {
        return address == null || address.isEmpty()
                ? 0
                : Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private String address(int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** As in the configuration file. */
    @Override
    public String toString() {
        String text = nodeId + "=" + address(peerPort);
        return raftPort == peerPort + 1 ? text : text + ":" + raftPort;
    }
}
