package io.stanchion.node.config;

import io.stanchion.node.config.Setting.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Every setting of nats-server and nats-streaming-server that has no effect here, with the reason and the remedy. */
final class ForeignSettings {
    private static final String DATABASE = "no effect here: messages are in a database that sees to this by itself";
    private static final String ONE_LOG =
            "no effect here: nodes share one log, and it is cut by size; see raft_log_budget";
    private static final String MESH = "no effect here: the nodes in streaming.cluster.peers are linked by themselves";
    private static final String NO_TLS =
            "TLS for clients is not there yet; remove it, and keep the port in a network that you trust or behind a TLS proxy";
    private static final String NO_USERS =
            "clients are not authenticated by this version; remove it, and keep the port in a network that you trust";
    private static final String NO_JETSTREAM =
            "JetStream is not there; remove it, or run a nats-server beside this one";
    private static final String NO_SQL = "SQL stores are not there; remove it, and use store: file with a dir";
    private static final String NO_SYSLOG =
            "syslog is not there; remove it, and let journald or a log collector read standard error or log_file";

    private static final List<Foreign<?>> ALL = new ArrayList<>();

    static {
        server();
        security();
        otherProtocols();
        streaming();
        cluster();
        files();
        sql();
    }

    private ForeignSettings() {}

    static Optional<Foreign<?>> byName(Section section, String key) {
        String name = key.toLowerCase(Locale.ROOT);
        return ALL.stream()
                .filter(foreign -> foreign.setting().section() == section
                        && foreign.setting().names().contains(name))
                .findFirst();
    }

    static Optional<Foreign<?>> byFlag(String flag) {
        return ALL.stream()
                .filter(foreign -> foreign.setting().flags().contains(flag))
                .findFirst();
    }

    static List<Foreign<?>> all() {
        return List.copyOf(ALL);
    }

    /** Says what there is to say about a flag, if it is one of these. */
    static <T> void judge(Setting<T> setting, T value, String flag, Problems problems) {
        for (Foreign<?> foreign : ALL) {
            if (foreign.setting().equals(setting)) {
                @SuppressWarnings("unchecked") // equal settings take equal values
                Foreign<T> found = (Foreign<T>) foreign;
                found.judge(value, Place.flag(flag), flag, problems);
            }
        }
    }

    private static void server() {
        String metadata = "no effect here: nothing shows it";
        warn(Section.TOP, "server_tags server_metadata", Kinds.ANYTHING, metadata);
        warn(Section.TOP, "trace_headers", Kinds.BOOL, "no effect here: traces show headers with the message");
        warn(
                Section.TOP,
                "no_fast_producer_stall max_closed_clients write_timeout connect_error_reports reconnect_error_reports"
                        + " disable_sublist_cache no_sublist_cache feature_flags",
                Kinds.ANYTHING,
                "no effect here: this server has nothing of the kind to tune");
        warn(
                Section.TOP,
                "prof_port prof_block_rate",
                Kinds.ANYTHING,
                "no effect here: profile the JVM instead, for example with jcmd PID JFR.start",
                "profile");
        refuse(Section.TOP, "syslog", Kinds.BOOL, on(NO_SYSLOG), "s", "syslog");
        refuse(Section.TOP, "remote_syslog", Kinds.TEXT, given(NO_SYSLOG), "r", "remote_syslog");
        refuse(Section.TOP, "http_base_path", Kinds.TEXT, given("pages have no common prefix here; remove it"));
        refuse(Section.TOP, "no_header_support", Kinds.BOOL, on("headers cannot be turned off; remove it"));
        refuse(
                Section.TOP,
                "proxy_protocol",
                Kinds.BOOL,
                on("the PROXY protocol is not there; remove it, and let the proxy pass TCP as it is"));
    }

    private static void security() {
        refuse(
                Section.TOP,
                "https https_port",
                Kinds.ANYTHING,
                value -> value.equals("0") || value.equals("0 (a number)")
                        ? ""
                        : "monitoring over TLS is not there; use http_port, behind a TLS proxy",
                "ms",
                "https_port");
        refuse(Section.TOP, "tls allow_non_tls ocsp ocsp_cache", Kinds.ANYTHING, always(NO_TLS));
        refuseFlag("tls", Kinds.BOOL, on(NO_TLS));
        refuseFlag("tlsverify", Kinds.BOOL, on(NO_TLS));
        refuseFlag("tlscert tlskey tlscacert", Kinds.TEXT, given(NO_TLS));
        refuse(
                Section.TOP,
                "authorization accounts no_auth_user system_account system operator operators roots root trusted_keys trusted"
                        + " resolver account_resolver resolver_preload resolver_tls resolver_pinned_accounts default_sentinel"
                        + " proxies",
                Kinds.ANYTHING,
                always(NO_USERS));
        warn(
                Section.TOP,
                "no_system_account no_system no_sys_acc",
                Kinds.ANYTHING,
                "no effect here: there is no system account");
        refuse(
                Section.TOP,
                "mappings maps",
                Kinds.ANYTHING,
                always("subjects are not mapped here; remove it, and let clients use the mapped subject"));
    }

    private static void otherProtocols() {
        Function<Object, String> alone = always("nodes talk to nodes of their own cluster only; remove it, or serve an"
                + " existing NATS network with streaming.nats_server_url");
        refuse(Section.TOP, "gateway leafnodes leaf", Kinds.ANYTHING, alone);
        refuse(Section.TOP, "jetstream", Kinds.ANYTHING, value -> value.equals(false) ? "" : NO_JETSTREAM);
        refuseFlag("js jetstream", Kinds.BOOL, on(NO_JETSTREAM));
        refuse(Section.TOP, "store_dir", Kinds.TEXT, given(NO_JETSTREAM), "sd", "store_dir");
        refuse(Section.TOP, "default_js_domain", Kinds.ANYTHING, always(NO_JETSTREAM));
        refuse(
                Section.TOP,
                "websocket ws mqtt",
                Kinds.ANYTHING,
                always("only plain NATS clients are served; remove it, or run a nats-server for these clients"));
        // Accepted without a word: Modes judges them together with others.
        ALL.add(new Foreign<>(Modes.NATS_CLUSTER, false, always("")));
        ALL.add(new Foreign<>(Modes.ROUTES, false, always("")));
        ALL.add(new Foreign<>(Modes.NATS_CLUSTER_LISTEN, false, always("")));
        warnFlag("cluster_name cluster_advertise", Kinds.TEXT, MESH);
        warnFlag("connect_retries", Kinds.NUMBER, MESH);
        warnFlag(
                "no_advertise",
                Kinds.BOOL,
                "no effect here: clients are told of all nodes; set client_advertise to what they can reach");
    }

    private static void streaming() {
        ALL.add(new Foreign<>(Modes.FT_GROUP, false, always("")));
        ALL.add(new Foreign<>(Modes.PARTITIONING, false, always("")));
        warn(
                Section.STREAMING,
                "syslog_name",
                Kinds.TEXT,
                "no effect here: this names the source of events on Windows; logs go to standard error or log_file",
                "syslog_name");
        warnFlag(
                "io_sleep_time",
                Kinds.NUMBER,
                "no effect here: a batch takes what came while the one before was written, and waits for no more");
    }

    private static void cluster() {
        Section in = Section.CLUSTER;
        warn(
                in,
                "bootstrap",
                Kinds.BOOL,
                on("no effect here: no node is special, all list all members in streaming.cluster.peers"),
                "cluster_bootstrap");
        warn(
                in,
                "log_path",
                Kinds.TEXT,
                "no effect here: the Raft log is in the folder raft below dir",
                "cluster_log_path");
        Kind<Long> number = Kinds.NUMBER;
        warn(in, "log_cache_size", number, "no effect here: the memory for the log is fixed", "cluster_log_cache_size");
        warn(in, "log_snapshots", number, ONE_LOG, "cluster_log_snapshots");
        warn(in, "trailing_logs", number, ONE_LOG, "cluster_trailing_logs");
        warn(
                in,
                "sync",
                Kinds.BOOL,
                off("no effect here: what is acknowledged is forced to the disks of a majority"),
                "cluster_sync");
        warn(
                in,
                "proceed_on_restore_failure",
                Kinds.BOOL,
                on("no effect here: a node that cannot restore its state leaves the work to the others"),
                "cluster_proceed_on_restore_failure");
        Kind<Duration> time = Kinds.TIME;
        warn(
                in,
                "raft_election_timeout",
                time,
                "no effect here: use raft_heartbeat_timeout, or election_timeout_min and _max");
        warn(in, "raft_lease_timeout", time, "no effect here: a leader's lease follows from the election timeout");
        warn(in, "raft_commit_timeout", time, "no effect here: commits are announced at once");
        warn(in, "bolt_free_list_sync bolt_free_list_map", Kinds.BOOL, "no effect here: the Raft log is no database");
        warn(in, "nodes_connections", Kinds.BOOL, "no effect here: nodes have connections of their own to each other");
    }

    private static void files() {
        Section in = Section.FILE_OPTIONS;
        Kind<Long> number = Kinds.NUMBER;
        Kind<Long> bytes = Kinds.SIZE;
        Kind<Duration> time = Kinds.TIME;
        warn(in, "compact compact_enabled", Kinds.BOOL, DATABASE, "file_compact_enabled");
        warn(in, "compact_fragmentation compact_frag", number, DATABASE, "file_compact_frag");
        warn(in, "compact_interval", number, DATABASE, "file_compact_interval");
        warn(in, "compact_min_size", bytes, DATABASE, "file_compact_min_size");
        warn(in, "buffer_size", bytes, DATABASE, "file_buffer_size");
        warn(in, "crc do_crc", Kinds.BOOL, off("no effect here: checksums are always verified"), "file_crc");
        warn(in, "crc_poly", bytes, "no effect here: the checksums are of another kind", "file_crc_poly");
        String synced = "no effect here: what is acknowledged is always forced to disk";
        warn(in, "sync_on_flush sync do_sync", Kinds.BOOL, off(synced), "file_sync");
        warn(in, "slice_max_msgs slice_max_count slice_msgs slice_count", number, DATABASE, "file_slice_max_msgs");
        warn(in, "slice_max_bytes slice_max_size slice_bytes slice_size", bytes, DATABASE, "file_slice_max_bytes");
        warn(in, "slice_max_age slice_age slice_max_time slice_time_limit", time, DATABASE, "file_slice_max_age");
        warn(
                in,
                "slice_archive_script slice_archive slice_script",
                Kinds.TEXT,
                "no effect here: there are no segment files to archive; a durable subscriber can keep what it receives",
                "file_slice_archive_script");
        warn(in, "file_descriptors_limit fds_limit", number, DATABASE, "file_fds_limit");
        warn(in, "parallel_recovery", number, DATABASE, "file_parallel_recovery");
        warn(in, "read_buffer_size file_read_buffer_size", bytes, DATABASE, "file_read_buffer_size");
        warn(in, "auto_sync file_auto_sync", time, synced, "file_auto_sync");
    }

    private static void sql() {
        Section in = Section.SQL_OPTIONS;
        Kind<Long> number = Kinds.NUMBER;
        String unused = "no effect here: there is no SQL store";
        warn(in, "driver", Kinds.TEXT, unused, "sql_driver");
        refuse(in, "source", Kinds.TEXT, given(NO_SQL), "sql_source");
        warn(in, "no_caching", Kinds.BOOL, unused, "sql_no_caching");
        warn(in, "max_open_conns max_conns", number, unused, "sql_max_open_conns");
        warn(in, "bulk_insert_limit", number, unused, "sql_bulk_insert_limit");
    }

    private static Function<Boolean, String> on(String remark) {
        return value -> value ? remark : "";
    }

    private static Function<Boolean, String> off(String remark) {
        return value -> value ? "" : remark;
    }

    private static Function<String, String> given(String remark) {
        return value -> value.isEmpty() ? "" : remark;
    }

    private static <T> Function<T, String> always(String remark) {
        return value -> remark;
    }

    private static <T> void warn(Section section, String names, Kind<T> kind, String remark, String... flags) {
        warn(section, names, kind, always(remark), flags);
    }

    private static <T> void warn(
            Section section, String names, Kind<T> kind, Function<T, String> remark, String... flags) {
        add(section, names, kind, false, remark, flags);
    }

    private static <T> void refuse(
            Section section, String names, Kind<T> kind, Function<T, String> remark, String... flags) {
        add(section, names, kind, true, remark, flags);
    }

    private static <T> void warnFlag(String names, Kind<T> kind, String remark) {
        add(Section.TOP, "", kind, false, always(remark), names.split(" "));
    }

    private static <T> void refuseFlag(String names, Kind<T> kind, Function<T, String> remark) {
        add(Section.TOP, "", kind, true, remark, names.split(" "));
    }

    private static <T> void add(
            Section section, String names, Kind<T> kind, boolean refused, Function<T, String> remark, String... flags) {
        List<String> inFile = names.isEmpty() ? List.of() : List.of(names.split(" "));
        Setting<T> setting = new Setting<>(section, inFile, List.of(flags), kind, null, "");
        ALL.add(new Foreign<>(setting, refused, remark));
    }
}
