package io.stanchion.node.config;

import io.stanchion.node.config.Setting.Section;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that can be set. This table is what files, command line, help and the printed configuration are made from. */
final class Settings {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final int ANY = Integer.MAX_VALUE;

    static final Setting<HostPort> LISTEN = top("listen", Kinds.HOST_PORT, null, "address and port for clients");
    static final Setting<String> HOST =
            top("host net", Kinds.TEXT, "0.0.0.0", "address for clients").flags("a", "addr", "net");
    static final Setting<Integer> PORT = top("port", Kinds.PORT, 4222, "port for clients, -1 for any free one")
            .flags("p", "port");
    static final Setting<String> CLIENT_ADVERTISE = top(
                    "client_advertise", Kinds.TEXT, "", "host[:port] that clients are told")
            .flags("client_advertise");
    static final Setting<String> SERVER_NAME =
            top("server_name", Kinds.TEXT, "", "name of this server").flags("n", "name", "server_name");
    static final Setting<Boolean> DEBUG =
            top("debug", Kinds.BOOL, false, "log what happens to connections").flags("D", "debug");
    static final Setting<Boolean> TRACE =
            top("trace trace_verbose", Kinds.BOOL, false, "log the protocol").flags("V", "trace", "VV");
    static final Setting<Integer> MAX_TRACED_MSG_LEN = top(
                    "max_traced_msg_len", Kinds.count(0, ANY), 0, "bytes of a message that a trace shows, 0 for all")
            .flags("max_traced_msg_len");
    static final Setting<Boolean> LOG_TIME =
            top("logtime", Kinds.BOOL, true, "times in the log").flags("T", "logtime");
    static final Setting<Boolean> LOG_TIME_UTC =
            top("logtime_utc", Kinds.BOOL, false, "times in the log are UTC").flags("logtime_utc");
    static final Setting<String> LOG_FILE = top(
                    "log_file logfile", Kinds.TEXT, "", "file for the log, instead of the terminal")
            .flags("l", "log");
    static final Setting<Long> LOG_SIZE_LIMIT = top(
                    "log_size_limit logfile_size_limit",
                    Kinds.size(0, Long.MAX_VALUE),
                    0L,
                    "size at which the log file is set aside and begun anew, 0 for never")
            .flags("log_size_limit");
    static final Setting<Integer> LOG_FILES_MAX =
            top("log_max_num logfile_max_num", Kinds.count(0, ANY), 0, "log files to keep, 0 for all");
    static final Setting<String> PID_FILE =
            top("pid_file pidfile", Kinds.TEXT, "", "file for the process ID").flags("P", "pid");
    static final Setting<String> PORTS_FILE_DIR = top(
                    "ports_file_dir", Kinds.TEXT, "", "folder for a file with the ports in use")
            .flags("ports_file_dir");
    static final Setting<HostPort> HTTP = top("http", Kinds.HOST_PORT, null, "address and port for monitoring");
    static final Setting<Integer> HTTP_PORT = top(
                    "http_port monitor_port", Kinds.PORT, 0, "port for monitoring, off if not given")
            .flags("m", "http_port");
    static final Setting<Integer> MAX_CONNECTIONS =
            top("max_connections max_conn", Kinds.count(1, ANY), 65_536, "clients at a time");
    static final Setting<Integer> MAX_SUBSCRIPTIONS = top(
            "max_subscriptions max_subs", Kinds.count(0, ANY), 0, "subscriptions of one connection, 0 for no limit");
    static final Setting<Integer> MAX_SUB_TOKENS = top(
            "max_sub_tokens max_subscription_tokens", Kinds.count(0, ANY), 0, "tokens in a subject, 0 for no limit");
    static final Setting<Long> MAX_CONTROL_LINE =
            top("max_control_line", Kinds.size(64, 1 * MIB), 4 * KIB, "length of a protocol line");
    // A message has to fit into one entry of the Raft log.
    static final Setting<Long> MAX_PAYLOAD = top("max_payload", Kinds.size(1, 1 * MIB), 1 * MIB, "size of a message");
    static final Setting<Long> MAX_PENDING =
            top("max_pending", Kinds.size(1, Long.MAX_VALUE), 64 * MIB, "bytes that wait for one client");
    static final Setting<Duration> WRITE_DEADLINE = top(
            "write_deadline",
            Kinds.duration(Duration.ofMillis(1)),
            Duration.ofSeconds(10),
            "for a client to take its bytes");
    static final Setting<Duration> PING_INTERVAL =
            top("ping_interval", Kinds.duration(Duration.ofMillis(1)), Duration.ofMinutes(2), "between two pings");
    static final Setting<Integer> PING_MAX = top("ping_max", Kinds.count(0, ANY), 2, "unanswered pings");
    static final Setting<Duration> LAME_DUCK_DURATION = top(
            "lame_duck_duration",
            Kinds.duration(Duration.ofMillis(1)),
            Duration.ofSeconds(2),
            "from the first word about a stop until the last client is parted with");
    static final Setting<Duration> LAME_DUCK_GRACE_PERIOD = top(
            "lame_duck_grace_period",
            Kinds.duration(Duration.ZERO),
            Duration.ofMillis(250),
            "of this, before the first client is parted with");

    static final Setting<String> CLUSTER_ID = streaming(
                    "id cluster_id cid", Kinds.CLUSTER_NAME, "test-cluster", "cluster ID of streaming clients")
            .flags("cid", "cluster_id");
    static final Setting<String> DIR =
            streaming("dir datastore", Kinds.TEXT, "", "folder for all data").flags("dir");
    static final Setting<String> STORE = streaming(
                    "store store_type storetype st", Kinds.STORE, Modes.FILE, "FILE or MEMORY")
            .flags("st", "store");
    static final Setting<String> DISCOVER_PREFIX =
            streaming("discover_prefix", Kinds.TEXT, "_STAN.discover", "subject of connect requests");
    static final Setting<Duration> HB_INTERVAL = streaming(
                    "hb_interval hbi server_to_client_hb_interval",
                    Kinds.duration(Duration.ZERO),
                    Duration.ofSeconds(30),
                    "between two heartbeats")
            .flags("hbi", "hb_interval");
    static final Setting<Duration> HB_TIMEOUT = streaming(
                    "hb_timeout hbt server_to_client_hb_timeout",
                    Kinds.duration(Duration.ZERO),
                    Duration.ofSeconds(10),
                    "for a client to answer a heartbeat")
            .flags("hbt", "hb_timeout");
    static final Setting<Integer> HB_FAIL_COUNT = streaming(
                    "hb_fail_count hbf server_to_client_hb_fail_count",
                    Kinds.count(0, ANY),
                    10,
                    "missed heartbeats that are forgiven")
            .flags("hbf", "hb_fail_count");
    static final Setting<Boolean> REPLACE_DURABLE = streaming(
                    "replace_durable replace_durables replace_duplicate_durable replace_duplicate_durables",
                    Kinds.BOOL,
                    false,
                    "a durable subscribed again replaces the old one")
            .flags("replace_durable");
    static final Setting<Boolean> ENCRYPT =
            streaming("encrypt", Kinds.BOOL, false, "encrypt all data on disk").flags("encrypt");
    static final Setting<String> ENCRYPTION_CIPHER = streaming(
                    "encryption_cipher", EncryptionSettings.CIPHER, "AUTO", "AES, CHACHA or auto")
            .flags("encryption_cipher");
    static final Setting<String> ENCRYPTION_KEY = streaming(
                    "encryption_key",
                    EncryptionSettings.SECRET,
                    "",
                    "key for encrypt; better in the environment: NATS_STREAMING_ENCRYPTION_KEY")
            .flags("encryption_key");
    static final Setting<Boolean> SD = streaming("sd stan_debug", Kinds.BOOL, false, "log what streaming does")
            .flags("SD", "stan_debug");
    static final Setting<Boolean> SV = streaming("sv stan_trace", Kinds.BOOL, false, "log each streaming request")
            .flags("SV", "stan_trace");
    static final Setting<Long> BATCH_BYTES =
            streaming("batch_bytes", Kinds.size(1 * KIB, 2 * MIB), 256 * KIB, "size of a log entry");
    static final Setting<Integer> BATCH_COMMANDS =
            streaming("batch_commands", Kinds.count(1, 100_000), 1_000, "messages or requests in a log entry");
    static final Setting<Integer> IO_BATCH_SIZE = new Setting<>(
            Section.STREAMING,
            List.of(),
            List.of("io_batch_size"),
            Kinds.count(1, 100_000),
            null,
            "the same as batch_commands in the file");
    static final Setting<Integer> BATCHES_IN_FLIGHT =
            streaming("batches_in_flight", Kinds.count(1, 8), 3, "log entries of one node under way");
    static final Setting<Long> PARKED_BYTES = streaming(
            "parked_bytes", Kinds.size(1 * MIB, Long.MAX_VALUE), 64 * MIB, "waiting while there is no leader");
    static final Setting<Long> RAFT_LOG_BUDGET =
            streaming("raft_log_budget", Kinds.size(64 * MIB, Long.MAX_VALUE), 1 * GIB, "size of the Raft log on disk");

    static final Setting<Long> DISK_FREE_MIN = streaming(
            "disk_free_min",
            Kinds.size(0, Long.MAX_VALUE),
            256 * MIB,
            "nothing can be published while less is free; 5% of the disk at most");
    static final Setting<Duration> SCRUB_INTERVAL = streaming(
            "scrub_interval",
            Kinds.duration(Duration.ZERO),
            Duration.ofDays(1),
            "between two readings of all data in search of damage; 0 for none");
    static final Setting<Long> SCRUB_RATE =
            streaming("scrub_rate", Kinds.size(64 * KIB, Long.MAX_VALUE), 8 * MIB, "how fast, per second");

    static final Setting<Boolean> TRUNCATE_BAD_EOF = Setting.of(
                    Section.FILE_OPTIONS,
                    "truncate_bad_eof",
                    Kinds.BOOL,
                    false,
                    "cut the log off where its end can't be read; may lose what was acknowledged")
            .flags("file_truncate_bad_eof");

    static final Setting<String> NATS_SERVER = streaming(
                    "nats_server_url nats_server ns",
                    Kinds.NATS_URLS,
                    "",
                    "URLs of NATS servers whose clients to serve, instead of being one")
            .flags("ns", "nats_server");
    static final Setting<String> USERNAME = streaming("username user", Kinds.TEXT, "", "of this node at these servers")
            .flags("user");
    static final Setting<String> PASSWORD = streaming(
                    "password pass", Kinds.SECRET, "", "of this node at these servers")
            .flags("pass");
    static final Setting<String> TOKEN = streaming("token", Kinds.SECRET, "", "of this node at these servers")
            .flags("auth");
    static final Setting<String> CREDENTIALS =
            streaming("credentials", Kinds.TEXT, "", "file with JWT and seed for these servers");
    static final Setting<String> NKEY_SEED_FILE =
            streaming("nkey_seed_file", Kinds.TEXT, "", "file with the NKey seed for these servers");
    static final Setting<Boolean> SECURE =
            streaming("secure", Kinds.BOOL, false, "TLS to these servers").flags("secure");
    static final Setting<String> CLIENT_CERT = tls(
                    "client_cert", Kinds.TEXT, "", "file with the certificate of this node for these servers")
            .flags("tls_client_cert");
    static final Setting<String> CLIENT_KEY = tls("client_key", Kinds.TEXT, "", "file with the key of this certificate")
            .flags("tls_client_key");
    static final Setting<String> CLIENT_CA = tls(
                    "client_ca client_cacert", Kinds.TEXT, "", "file with the authorities to trust at these servers")
            .flags("tls_client_cacert");
    static final Setting<String> TLS_SERVER_NAME =
            tls("server_name server_hostname", Kinds.TEXT, "", "name that their certificates must have");
    static final Setting<Boolean> TLS_SKIP_VERIFY =
            tls("skip_verify insecure", Kinds.BOOL, false, "trust any server; for tests only");

    static final Setting<Integer> MAX_CHANNELS = limit(
                    "max_channels maxchannels mc", LimitKind.count("max channels"), 100, "channels")
            .flags("mc", "max_channels");
    static final Setting<Integer> MAX_SUBS = limit(
                    "max_subs max_subscriptions maxsubscriptions msu",
                    LimitKind.count("max subscriptions"),
                    1_000,
                    "subscriptions of a channel")
            .flags("msu", "max_subs");
    static final Setting<Long> MAX_MSGS = limit(
                    "max_msgs maxmsgs max_count maxcount mm",
                    LimitKind.messages("max messages"),
                    1_000_000L,
                    "messages of a channel")
            .flags("mm", "max_msgs");
    static final Setting<Long> MAX_BYTES = limit(
                    "max_bytes maxbytes mb", LimitKind.size("max bytes"), 1_024_000_000L, "bytes of a channel")
            .flags("mb", "max_bytes");
    static final Setting<Duration> MAX_AGE = limit(
                    "max_age maxage ma", LimitKind.duration("max age"), Duration.ZERO, "of a message")
            .flags("ma", "max_age");
    static final Setting<Duration> MAX_INACTIVITY = limit(
                    "max_inactivity maxinactivity mi",
                    LimitKind.duration("max inactivity"),
                    Duration.ZERO,
                    "without a subscriber and a message, then the channel is deleted")
            .flags("mi", "max_inactivity");
    static final Setting<ChannelSections> CHANNELS = new Setting<>(
            Section.STORE_LIMITS,
            List.of("channels", "channels_limits", "channelslimits", "per_channel", "per_channel_limits"),
            List.of(),
            new ChannelSectionsKind(),
            null,
            "limits of single channels");

    /** For tests that cannot wait for seconds; nobody else is told. */
    static final Setting<Boolean> ACK_WAIT_MILLIS = new Setting<>(
            Section.STREAMING,
            List.of("ack_wait_millis"),
            List.of(),
            Kinds.BOOL,
            null,
            "ack waits below 0 are milliseconds");

    static final Setting<Boolean> CLUSTERED = new Setting<>(
            Section.CLUSTER, List.of(), List.of("clustered"), Kinds.BOOL, false, "run as a member of a cluster");
    static final Setting<String> NODE_ID =
            cluster("node_id", Kinds.NAME, "", "name of this node").flags("cluster_node_id");
    static final Setting<Peers> PEERS = cluster("peers", Peers.KIND, null, "all members: a=host:port,b=host:port,...")
            .flags("cluster_peers");
    static final Setting<Integer> RAFT_PORT =
            cluster("raft_port", Kinds.PEER_PORT, 0, "for the Raft log, the peer port + 1 if not given");
    static final Setting<String> CLUSTER_LISTEN =
            cluster("listen", Kinds.TEXT, "", "address for the peers; the host in peers if not given");
    static final Setting<Duration> ELECTION_TIMEOUT_MIN = cluster(
            "election_timeout_min",
            Kinds.duration(Duration.ofMillis(50)),
            Duration.ofMillis(300),
            "without a leader before a vote");
    static final Setting<Duration> ELECTION_TIMEOUT_MAX = cluster(
            "election_timeout_max",
            Kinds.duration(Duration.ofMillis(50)),
            Duration.ofMillis(600),
            "without a leader before a vote");
    static final Setting<Duration> COMPARE_INTERVAL = cluster(
            "compare_interval",
            Kinds.duration(Duration.ZERO),
            Duration.ofSeconds(20),
            "between two comparisons of the replicas, 0 for none");
    static final Setting<Boolean> ALLOW_ADD_REMOVE_NODE = cluster(
                    "allow_add_remove_node",
                    Kinds.BOOL,
                    false,
                    "clients may ask to take nodes out of the group and in again")
            .flags("cluster_allow_add_remove_node");

    static final Setting<Duration> RAFT_HEARTBEAT_TIMEOUT = cluster(
            "raft_heartbeat_timeout",
            Kinds.duration(Duration.ofMillis(50)),
            null,
            "without a leader before a vote; up to twice as long");
    static final Setting<Boolean> RAFT_LOGGING = cluster(
                    "raft_logging", Kinds.BOOL, false, "log what the Raft library does")
            .flags("cluster_raft_logging");

    static final List<Setting<?>> ALL = List.of(
            LISTEN,
            HOST,
            PORT,
            CLIENT_ADVERTISE,
            SERVER_NAME,
            HTTP,
            HTTP_PORT,
            DEBUG,
            TRACE,
            MAX_TRACED_MSG_LEN,
            LOG_TIME,
            LOG_TIME_UTC,
            LOG_FILE,
            LOG_SIZE_LIMIT,
            LOG_FILES_MAX,
            PID_FILE,
            PORTS_FILE_DIR,
            MAX_CONNECTIONS,
            MAX_SUBSCRIPTIONS,
            MAX_SUB_TOKENS,
            MAX_CONTROL_LINE,
            MAX_PAYLOAD,
            MAX_PENDING,
            WRITE_DEADLINE,
            PING_INTERVAL,
            PING_MAX,
            LAME_DUCK_DURATION,
            LAME_DUCK_GRACE_PERIOD,
            CLUSTER_ID,
            DIR,
            STORE,
            DISCOVER_PREFIX,
            HB_INTERVAL,
            HB_TIMEOUT,
            HB_FAIL_COUNT,
            REPLACE_DURABLE,
            ENCRYPT,
            ENCRYPTION_CIPHER,
            ENCRYPTION_KEY,
            SD,
            SV,
            BATCH_BYTES,
            BATCH_COMMANDS,
            IO_BATCH_SIZE,
            BATCHES_IN_FLIGHT,
            PARKED_BYTES,
            RAFT_LOG_BUDGET,
            DISK_FREE_MIN,
            SCRUB_INTERVAL,
            SCRUB_RATE,
            TRUNCATE_BAD_EOF,
            NATS_SERVER,
            USERNAME,
            PASSWORD,
            TOKEN,
            CREDENTIALS,
            NKEY_SEED_FILE,
            SECURE,
            CLIENT_CERT,
            CLIENT_KEY,
            CLIENT_CA,
            TLS_SERVER_NAME,
            TLS_SKIP_VERIFY,
            MAX_CHANNELS,
            MAX_SUBS,
            MAX_MSGS,
            MAX_BYTES,
            MAX_AGE,
            MAX_INACTIVITY,
            CHANNELS,
            ACK_WAIT_MILLIS,
            CLUSTERED,
            NODE_ID,
            PEERS,
            RAFT_PORT,
            CLUSTER_LISTEN,
            ELECTION_TIMEOUT_MIN,
            ELECTION_TIMEOUT_MAX,
            RAFT_HEARTBEAT_TIMEOUT,
            RAFT_LOGGING,
            COMPARE_INTERVAL,
            ALLOW_ADD_REMOVE_NODE);

    /** Blocks inside of blocks. */
    private static final Map<Section, Map<String, Section>> BLOCKS = Map.of(
            Section.TOP, Map.of("streaming", Section.STREAMING),
            Section.STREAMING,
                    Map.of(
                            "store_limits",
                            Section.STORE_LIMITS,
                            "limits",
                            Section.STORE_LIMITS,
                            "storelimits",
                            Section.STORE_LIMITS,
                            "file_options",
                            Section.FILE_OPTIONS,
                            "file",
                            Section.FILE_OPTIONS,
                            "sql_options",
                            Section.SQL_OPTIONS,
                            "sql",
                            Section.SQL_OPTIONS,
                            "cluster",
                            Section.CLUSTER,
                            "tls",
                            Section.STREAMING_TLS),
            Section.STREAMING_TLS, Map.of(),
            Section.STORE_LIMITS, Map.of(),
            Section.CLUSTER, Map.of());

    private Settings() {}

    static Optional<Setting<?>> byName(Section section, String key) {
        String name = key.toLowerCase(Locale.ROOT);
        return ALL.stream()
                .filter(setting ->
                        setting.section() == section && setting.names().contains(name))
                .findFirst();
    }

    /** Null if this is no block. */
    static @Nullable Section blockIn(Section section, String key) {
        return BLOCKS.getOrDefault(section, Map.of()).get(key);
    }

    static Optional<Setting<?>> byFlag(String flag) {
        return ALL.stream().filter(setting -> setting.flags().contains(flag)).findFirst();
    }

    private static <T> Setting<T> top(String names, Kind<T> kind, @Nullable T preset, String about) {
        return Setting.of(Section.TOP, names, kind, preset, about);
    }

    private static <T> Setting<T> streaming(String names, Kind<T> kind, T preset, String about) {
        return Setting.of(Section.STREAMING, names, kind, preset, about);
    }

    private static <T> Setting<T> tls(String names, Kind<T> kind, T preset, String about) {
        return Setting.of(Section.STREAMING_TLS, names, kind, preset, about);
    }

    private static <T> Setting<T> limit(String names, Kind<T> kind, T preset, String about) {
        return Setting.of(Section.STORE_LIMITS, names, kind, preset, about);
    }

    private static <T> Setting<T> cluster(String names, Kind<T> kind, @Nullable T preset, String about) {
        return Setting.of(Section.CLUSTER, names, kind, preset, about);
    }
}
