package io.stanchion.node;

import io.stanchion.gateway.connection.ConnectionLimits;
import io.stanchion.gateway.net.GatewayConfig;
import io.stanchion.gateway.net.GatewayServer;
import io.stanchion.node.config.ClusterConfig;
import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.config.StreamingConfig;
import io.stanchion.node.leader.LeaderSettings;
import io.stanchion.node.monitor.NodeFacts;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.node.raft.LogSettings;
import io.stanchion.node.raft.RaftSettings;
import io.stanchion.node.raft.Scrub;
import io.stanchion.proto.command.ChannelLimitsProto;
import io.stanchion.proto.command.SettingsProto;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** The configuration, as each part wants it. */
final class Settings {
    private Settings() {}

    static LogSettings log(NodeConfig config) {
        StreamingConfig.LogBudget log = config.streaming().log();
        return new LogSettings(
                Math.toIntExact(log.batchBytesMax()),
                log.batchCommandsMax(),
                log.batchesInFlightMax(),
                log.parkedBytesMax(),
                LogSettings.DEFAULTS.parkedMillisMax());
    }

    static Scrub.Settings scrub(NodeConfig config) {
        StreamingConfig.Disk disk = config.streaming().disk();
        return new Scrub.Settings(disk.scrubIntervalMillis(), disk.scrubBytesPerSecond());
    }

    static RaftSettings raft(NodeConfig config) {
        ClusterConfig cluster = config.cluster();
        List<GroupMember> voters =
                cluster.members().stream().map(Settings::member).toList();
        return new RaftSettings(
                config.streaming().clusterId(),
                cluster.nodeId(),
                cluster.isAlone() ? "127.0.0.1" : cluster.listenHost(),
                voters,
                config.store() == NodeConfig.Store.FILE,
                cluster.electionTimeoutMillisMin(),
                cluster.electionTimeoutMillisMax());
    }

    /** This node, as its configuration has it. */
    static GroupMember self(NodeConfig config) {
        return member(config.cluster().self());
    }

    private static GroupMember member(ClusterConfig.Member member) {
        return new GroupMember(member.nodeId(), member.host(), member.peerPort(), member.raftPort());
    }

    static NodeFacts facts(NodeConfig config, GatewayServer server, String streamingId) {
        GatewayConfig clients = config.gateway();
        return new NodeFacts(
                new NodeFacts.Names(
                        server.serverId(),
                        server.serverName(),
                        streamingId,
                        config.streaming().clusterId(),
                        config.cluster().nodeId()),
                Main.VERSION,
                clients.version(),
                new NodeFacts.Address(clients.host(), server.port()),
                storeType(config),
                !config.cluster().isAlone(),
                Instant.now());
    }

    /** What is running, with what a reload of the configuration may change for clients. */
    static GatewayConfig reloaded(GatewayConfig running, GatewayConfig next) throws IOException {
        ConnectionLimits limits = next.limits();
        long pendingMaxBytes = running.limits().pendingMaxBytes();
        if (limits.payloadMaxBytes() > pendingMaxBytes) {
            throw new IOException("max_payload must not be greater than max_pending, which is " + pendingMaxBytes
                    + " until this node is restarted");
        }
        return running.withClientAdvertise(next.clientAdvertise())
                .withConnectionsMax(next.connectionsMax())
                .withTracedBytesMax(next.tracedBytesMax())
                .withLimits(running.limits()
                        .withPayloadMaxBytes(limits.payloadMaxBytes())
                        .withControlLineMaxBytes(limits.controlLineMaxBytes())
                        .withPings(limits.pingIntervalMillis(), limits.pingsOutMax())
                        .withWriteDeadlineMillis(limits.writeDeadlineMillis()));
    }

    /** As the reference names it on its page {@code storez}. */
    private static String storeType(NodeConfig config) {
        return (config.cluster().isAlone() ? "" : "RAFT_") + config.store();
    }

    static LeaderSettings leader(NodeConfig config) {
        StreamingConfig streaming = config.streaming();
        StreamingConfig.Limits limits = streaming.limits();
        SettingsProto.Builder machine = SettingsProto.newBuilder()
                .setMaxChannels(limits.channelsMax())
                .setMaxSubscriptions(limits.subscriptionsMax())
                .setMaxMessages(limits.messagesMax())
                .setMaxBytes(limits.bytesMax())
                .setMaxAgeNanos(limits.ageNanosMax())
                .setMaxInactivityNanos(limits.inactivityNanosMax())
                .setHeartbeatFailCount(streaming.heartbeats().failCount())
                .setReplaceDurable(streaming.replaceDurable())
                .setAckWaitMillis(streaming.ackWaitMillis());
        limits.special().forEach(special -> machine.addChannelLimits(limits(special)));
        return LeaderSettings.of(
                machine.build(),
                streaming.heartbeats().intervalMillis(),
                streaming.heartbeats().timeoutMillis(),
                config.cluster().electionTimeoutMillisMin());
    }

    private static ChannelLimitsProto limits(StreamingConfig.ChannelLimits special) {
        return ChannelLimitsProto.newBuilder()
                .setPattern(special.pattern())
                .setMaxSubscriptions(special.subscriptionsMax())
                .setMaxMessages(special.messagesMax())
                .setMaxBytes(special.bytesMax())
                .setMaxAgeNanos(special.ageNanosMax())
                .setMaxInactivityNanos(special.inactivityNanosMax())
                .build();
    }
}
