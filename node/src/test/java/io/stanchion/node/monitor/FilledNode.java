package io.stanchion.node.monitor;

import io.stanchion.gateway.connection.ConnectionDirectory;
import io.stanchion.gateway.connection.ConnectionLimits;
import io.stanchion.gateway.connection.GatewayMetrics;
import io.stanchion.gateway.net.GatewayServer;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.raftsm.model.ReplicaView;
import java.util.List;

/** A follower with a real gateway and a {@link FilledReplica}. */
final class FilledNode implements NodeView {
    private final GatewayServer gateway;
    String disagreement = "";
    String unfit = "no leader";
    private final StanCounters streaming = new StanCounters();

    FilledNode(GatewayServer gateway) {
        this.gateway = gateway;
        streaming.onDelivered(3, 300);
    }

    @Override
    public String unfitReason() {
        return unfit;
    }

    @Override
    public String role() {
        return "Follower";
    }

    @Override
    public String leader() {
        return "";
    }

    @Override
    public long appliedIndex() {
        return 1;
    }

    @Override
    public long entriesBehind() {
        return 0;
    }

    @Override
    public long parkedBytes() {
        return 0;
    }

    @Override
    public long diskFreeBytes() {
        return 1L << 30;
    }

    @Override
    public boolean isDiskShort() {
        return false;
    }

    @Override
    public String quarantineReason() {
        return "";
    }

    @Override
    public ComparisonFacts comparison() {
        return new ComparisonFacts(4, 1, 77, 3, "1.5.abc", disagreement);
    }

    @Override
    public long leaderChanges() {
        return 3;
    }

    @Override
    public long handOvers() {
        return 2;
    }

    @Override
    public long raftLogBytes() {
        return 4_096;
    }

    @Override
    public int connectedPeers() {
        return 1;
    }

    @Override
    public List<PeerFacts> peers() {
        return List.of(new PeerFacts("b", "10.0.0.2", 6222, true, 7), new PeerFacts("c", "10.0.0.3", 6222, false, 0));
    }

    @Override
    public List<String> clientUrls() {
        return gateway.allUrls();
    }

    @Override
    public ReplicaView replica() {
        return new FilledReplica();
    }

    @Override
    public GatewayMetrics gateway() {
        return gateway.metrics();
    }

    @Override
    public ConnectionLimits limits() {
        return gateway.limits();
    }

    @Override
    public int connectionsMax() {
        return gateway.connectionsMax();
    }

    @Override
    public ConnectionDirectory connections() {
        return gateway.connections();
    }

    @Override
    public StanCounters streaming() {
        return streaming;
    }
}
