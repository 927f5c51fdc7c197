package io.stanchion.node.config;

import io.stanchion.gateway.connection.ConnectionLimits;
import io.stanchion.gateway.net.GatewayConfig;
import io.stanchion.node.config.ClusterConfig.Member;
import io.stanchion.node.config.NodeConfig.LameDuck;
import io.stanchion.node.config.NodeConfig.LogConfig;
import io.stanchion.node.config.NodeConfig.LogFile;
import io.stanchion.node.config.NodeConfig.LogTime;
import io.stanchion.node.config.NodeConfig.MonitorConfig;
import io.stanchion.node.config.NodeConfig.Report;
import io.stanchion.node.config.NodeConfig.RunFiles;
import io.stanchion.node.config.NodeConfig.Store;
import io.stanchion.node.config.Setting.Section;
import io.stanchion.node.config.StreamingConfig.Disk;
import io.stanchion.node.config.StreamingConfig.Heartbeats;
import io.stanchion.node.config.StreamingConfig.Limits;
import io.stanchion.node.config.StreamingConfig.LogBudget;
import io.stanchion.node.raft.DataDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes the records out of values that fit together. */
final class NodeConfigBuilder {
    /** The name of a node that has no others. */
    static final String ALONE = DataDirectory.ALONE;

    private static final String DIRECTORY = "stanchion-data";
    private static final String LOOPBACK = "127.0.0.1";

    private final Values values;
    private final EncryptionConfig encryption;
    private final List<String> warnings;

    NodeConfigBuilder(Values values, EncryptionConfig encryption, List<String> warnings) {
        this.values = values;
        this.encryption = encryption;
        this.warnings = warnings;
    }

    NodeConfig build() {
        return new NodeConfig(
                gateway(), monitor(), log(), files(), lameDuck(), streaming(), cluster(), store(), report());
    }

    private GatewayConfig gateway() {
        int port = values.get(Settings.PORT);
        return GatewayConfig.defaults()
                .withAddress(
                        values.get(Settings.HOST),
                        port == 0 ? GatewayConfig.defaults().port() : port)
                .withClientAdvertise(values.get(Settings.CLIENT_ADVERTISE))
                .withNames(values.get(Settings.SERVER_NAME), isClustered() ? values.get(Settings.CLUSTER_ID) : "")
                .withConnectionsMax(values.get(Settings.MAX_CONNECTIONS))
                .withTracedBytesMax(values.get(Settings.MAX_TRACED_MSG_LEN))
                .withLimits(limits());
    }

    private ConnectionLimits limits() {
        return new ConnectionLimits(
                values.get(Settings.MAX_CONTROL_LINE).intValue(),
                values.get(Settings.MAX_PAYLOAD).intValue(),
                values.get(Settings.MAX_PENDING),
                values.get(Settings.MAX_SUBSCRIPTIONS),
                values.get(Settings.MAX_SUB_TOKENS),
                values.get(Settings.PING_INTERVAL).toMillis(),
                values.get(Settings.PING_MAX),
                values.get(Settings.WRITE_DEADLINE).toMillis());
    }

    private MonitorConfig monitor() {
        HostPort http = values.find(Settings.HTTP);
        String host = http == null || http.host().isEmpty() ? values.get(Settings.HOST) : http.host();
        return new MonitorConfig(host, values.get(Settings.HTTP_PORT));
    }

    private LogConfig log() {
        LogTime local = values.get(Settings.LOG_TIME_UTC) ? LogTime.UTC : LogTime.LOCAL;
        return new LogConfig(
                values.get(Settings.DEBUG),
                values.get(Settings.TRACE),
                values.get(Settings.SD),
                values.get(Settings.SV),
                values.get(Settings.RAFT_LOGGING),
                values.get(Settings.LOG_TIME) ? local : LogTime.NONE,
                new LogFile(
                        values.get(Settings.LOG_FILE),
                        values.get(Settings.LOG_SIZE_LIMIT),
                        values.get(Settings.LOG_FILES_MAX)));
    }

    private Store store() {
        return values.get(Settings.STORE).equals(Modes.MEMORY) ? Store.MEMORY : Store.FILE;
    }

    private RunFiles files() {
        return new RunFiles(values.get(Settings.PID_FILE), values.get(Settings.PORTS_FILE_DIR));
    }

    private LameDuck lameDuck() {
        long grace = millis(Settings.LAME_DUCK_GRACE_PERIOD);
        return new LameDuck(grace, millis(Settings.LAME_DUCK_DURATION) - grace);
    }

    private StreamingConfig streaming() {
        return new StreamingConfig(
                values.get(Settings.CLUSTER_ID),
                directory().toAbsolutePath().normalize(),
                values.isSet(Settings.DIR) ? values.placeOf(Settings.DIR) + ": streaming.dir" : "streaming.dir",
                values.get(Settings.DISCOVER_PREFIX),
                values.get(Settings.REPLACE_DURABLE),
                Boolean.TRUE.equals(values.find(Settings.ACK_WAIT_MILLIS)),
                new Heartbeats(
                        millis(Settings.HB_INTERVAL), millis(Settings.HB_TIMEOUT), values.get(Settings.HB_FAIL_COUNT)),
                storeLimits(),
                new LogBudget(
                        values.get(Settings.BATCH_BYTES),
                        values.get(Settings.BATCH_COMMANDS),
                        values.get(Settings.BATCHES_IN_FLIGHT),
                        values.get(Settings.PARKED_BYTES),
                        values.get(Settings.RAFT_LOG_BUDGET)),
                new Disk(
                        values.get(Settings.DISK_FREE_MIN),
                        millis(Settings.SCRUB_INTERVAL),
                        values.get(Settings.SCRUB_RATE),
                        values.get(Settings.TRUNCATE_BAD_EOF)),
                encryption,
                ExternalSettings.build(values));
    }

    private Limits storeLimits() {
        ChannelSections sections = values.find(Settings.CHANNELS);
        return new Limits(
                values.get(Settings.MAX_CHANNELS),
                values.get(Settings.MAX_SUBS),
                values.get(Settings.MAX_MSGS),
                values.get(Settings.MAX_BYTES),
                values.get(Settings.MAX_AGE).toNanos(),
                values.get(Settings.MAX_INACTIVITY).toNanos(),
                sections == null ? List.of() : sections.resolve(values));
    }

    /** Named after cluster and node if nobody names it, so that two nodes started in one folder don't meet in it. */
    private Path directory() {
        String given = values.get(Settings.DIR);
        if (!given.isEmpty()) {
            return Path.of(given);
        }
        Path ofCluster = Path.of(DIRECTORY, values.get(Settings.CLUSTER_ID));
        return isClustered() ? ofCluster.resolve(nodeId()) : ofCluster;
    }

    private ClusterConfig cluster() {
        List<Member> members = new ArrayList<>();
        Peers peers = values.find(Settings.PEERS);
        if (isClustered() && peers != null) {
            peers.members()
                    .forEach(peer -> members.add(
                            new Member(peer.nodeId(), peer.host(), peer.peerPort(), raftPort(values, peer))));
        } else {
            members.add(new Member(nodeId(), LOOPBACK, 0, 0));
        }
        String listen = values.get(Settings.CLUSTER_LISTEN);
        String ownHost = members.stream()
                .filter(member -> member.nodeId().equals(nodeId()))
                .map(Member::host)
                .findFirst()
                .orElse(LOOPBACK);
        return new ClusterConfig(
                nodeId(),
                List.copyOf(members),
                listen.isEmpty() ? ownHost : listen,
                millis(Settings.ELECTION_TIMEOUT_MIN),
                millis(Settings.ELECTION_TIMEOUT_MAX),
                values.get(Settings.ALLOW_ADD_REMOVE_NODE),
                millis(Settings.COMPARE_INTERVAL));
    }

    static int raftPort(Values values, Peers.Member peer) {
        int common = values.get(Settings.RAFT_PORT);
        if (peer.raftPort() != 0) {
            return peer.raftPort();
        }
        return common != 0 ? common : peer.peerPort() + 1;
    }

    private boolean isClustered() {
        return values.get(Settings.CLUSTERED);
    }

    private String nodeId() {
        String given = values.get(Settings.NODE_ID);
        return given.isEmpty() ? ALONE : given;
    }

    private long millis(Setting<Duration> setting) {
        return values.get(setting).toMillis();
    }

    private Report report() {
        Map<String, String> shown = new TreeMap<>();
        for (Setting<?> setting : Settings.ALL) {
            if (isShown(setting)) {
                shown.put(setting.section().pathOf(setting.name()), values.show(setting));
            }
        }
        return new Report(effective(), Map.copyOf(shown), warnings);
    }

    private List<String> effective() {
        List<String> lines = new ArrayList<>();
        addSection(Section.TOP, "", lines);
        lines.add("streaming {");
        addSection(Section.STREAMING, "  ", lines);
        if (values.isSet(Settings.NATS_SERVER)) {
            lines.add("  tls {");
            addSection(Section.STREAMING_TLS, "    ", lines);
            lines.add("  }");
        }
        lines.add("  store_limits {");
        addSection(Section.STORE_LIMITS, "    ", lines);
        lines.add("  }");
        if (isClustered()) {
            lines.add("  cluster {");
            addSection(Section.CLUSTER, "    ", lines);
            lines.add("  }");
        }
        lines.add("}");
        return List.copyOf(lines);
    }

    private void addSection(Section section, String indent, List<String> lines) {
        for (Setting<?> setting : Settings.ALL) {
            if (setting.section() == section && isShown(setting)) {
                lines.add(indent + setting.name() + ": " + values.show(setting));
            }
        }
    }

    /** What is split into two settings is shown as these; what is empty is not set. */
    private boolean isShown(Setting<?> setting) {
        String shown = values.show(setting);
        return !setting.names().isEmpty()
                && !setting.equals(Settings.LISTEN)
                && !shown.isEmpty()
                && !shown.equals("\"\"");
    }
}
