package io.stanchion.node;

import io.stanchion.gateway.connection.ConnectionDirectory;
import io.stanchion.gateway.connection.ConnectionLimits;
import io.stanchion.gateway.connection.GatewayMetrics;
import io.stanchion.gateway.net.GatewayServer;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.node.compare.ReplicaComparison;
import io.stanchion.node.monitor.ComparisonFacts;
import io.stanchion.node.monitor.NodeView;
import io.stanchion.node.monitor.PeerFacts;
import io.stanchion.node.raft.DiskSpace;
import io.stanchion.node.raft.RaftNode;
import io.stanchion.node.raft.RatisLog;
import io.stanchion.raftsm.model.ReplicaView;
import io.stanchion.raftsm.ratis.StanchionStateMachine;
import java.util.List;
import java.util.function.Supplier;

/** What monitoring sees of a node's parts. */
record RunningView(
        Supplier<String> unfit,
        Supplier<String> quarantine,
        DiskSpace disk,
        RaftNode raft,
        ReplicaComparison replicas,
        RatisLog raftLog,
        ReplicaRole replicaRole,
        RaftLogFiles raftLogFiles,
        StanchionStateMachine machine,
        ClusterLinks links,
        GatewayServer server,
        StanCounters streaming)
        implements NodeView {
    @Override
    public String unfitReason() {
        return unfit.get();
    }

    @Override
    public String role() {
        return raft.role();
    }

    @Override
    public String leader() {
        return raft.leader();
    }

    @Override
    public long appliedIndex() {
        return raft.appliedIndex();
    }

    @Override
    public long entriesBehind() {
        return raft.entriesBehind();
    }

    @Override
    public long parkedBytes() {
        return raftLog.parkedBytes();
    }

    @Override
    public long leaderChanges() {
        return replicaRole.leaderChanges();
    }

    @Override
    public long handOvers() {
        return raft.handOvers();
    }

    @Override
    public long raftLogBytes() {
        return raftLogFiles.bytes();
    }

    @Override
    public long diskFreeBytes() {
        return disk.freeBytes();
    }

    @Override
    public boolean isDiskShort() {
        return disk.isShort();
    }

    @Override
    public String quarantineReason() {
        return quarantine.get();
    }

    @Override
    public ComparisonFacts comparison() {
        return replicas.facts();
    }

    @Override
    public int connectedPeers() {
        return links.connectedPeers();
    }

    @Override
    public List<String> clientUrls() {
        return server.allUrls();
    }

    @Override
    public ReplicaView replica() {
        return machine.view();
    }

    @Override
    public ConnectionDirectory connections() {
        return server.connections();
    }

    @Override
    public ConnectionLimits limits() {
        return server.limits();
    }

    @Override
    public int connectionsMax() {
        return server.connectionsMax();
    }

    @Override
    public List<PeerFacts> peers() {
        return links.peers();
    }

    @Override
    public GatewayMetrics gateway() {
        return server.metrics();
    }
}
