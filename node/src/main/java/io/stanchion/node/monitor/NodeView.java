package io.stanchion.node.monitor;

import io.stanchion.gateway.connection.ConnectionDirectory;
import io.stanchion.gateway.connection.ConnectionLimits;
import io.stanchion.gateway.connection.GatewayMetrics;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.raftsm.model.ReplicaView;
import java.util.List;

/** A running node, as monitoring sees it. Thread-safe; no call blocks. */
public interface NodeView {
    /** Why this node should not be sent clients, in a few words; empty if it is fit. */
    String unfitReason();

    /** Leader, Follower or Candidate. */
    String role();

    /** Empty if no leader is known. */
    String leader();

    long appliedIndex();

    /** Entries that are committed, as far as is known here, and not applied. */
    long entriesBehind();

    /** Work of this node's clients that is not in the log yet. */
    long parkedBytes();

    /** Free bytes on the disk of the data directory. */
    long diskFreeBytes();

    /** Whether so little is free there that nothing should be published. */
    boolean isDiskShort();

    /** Why this node's data is not trusted; empty if it is. */
    String quarantineReason();

    /** Whether this replica is what the others are. */
    ComparisonFacts comparison();

    /** How often another leader was heard of, this node among them. */
    long leaderChanges();

    /** How often this node has given its leadership away. */
    long handOvers();

    /** What the Raft log takes on disk. */
    long raftLogBytes();

    int connectedPeers();

    /** {@code host:port} of all nodes that clients can connect to. */
    List<String> clientUrls();

    /** What this replica holds. */
    ReplicaView replica();

    GatewayMetrics gateway();

    ConnectionDirectory connections();

    /** What clients may do; a reload of the configuration changes it. */
    ConnectionLimits limits();

    int connectionsMax();

    /** The other nodes of the cluster, connected or not. */
    List<PeerFacts> peers();

    StanCounters streaming();
}
