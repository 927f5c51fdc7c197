package io.stanchion.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every flag and key of the reference: effective, accepted with one line that says why not, or refused with what to do instead. */
class ForeignSettingsTest {
    private static final String EFFECTIVE = "effective";
    private static final String WARNED = "warned";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cid cluster_id                 | orders    | effective
            st store                       | file      | effective
            dir                            | data      | effective
            hbi hb_interval hbt hb_timeout | 5s        | effective
            hbf hb_fail_count              | 3         | effective
            replace_durable SD stan_debug SV stan_trace SDV | true | effective
            mc max_channels msu max_subs mm max_msgs | 5 | effective
            mb max_bytes                   | 5MB       | effective
            ma max_age mi max_inactivity   | 1h30m     | effective
            ns nats_server                 | nats://127.0.0.1:4222 | effective
            cluster_allow_add_remove_node  | true      | effective
            encryption_key                 | sesame    | effective
            io_batch_size                  | 500       | effective
            a addr net                     | 127.0.0.1 | effective
            p port                         | 4333      | effective
            m http_port                    | 8333      | effective
            n name server_name client_advertise P pid ports_file_dir l log | x | effective
            log_size_limit max_traced_msg_len | 100    | effective
            T logtime logtime_utc D debug V trace VV DV DVV | true | effective
            cluster_raft_logging           | true      | effective
            syslog_name                    | x         | warned
            io_sleep_time                  | 5         | warned
            cluster_bootstrap cluster_proceed_on_restore_failure | true | warned
            cluster_log_path               | x         | warned
            cluster_log_cache_size cluster_log_snapshots cluster_trailing_logs | 5 | warned
            cluster_sync                   | false     | warned
            cluster_sync                   | true      | effective
            file_compact_enabled | true | warned
            file_crc file_sync             | false     | warned
            file_crc file_sync             | true      | effective
            file_compact_frag file_compact_interval file_slice_max_msgs file_fds_limit file_parallel_recovery | 5 | warned
            file_compact_min_size file_buffer_size file_slice_max_bytes file_read_buffer_size | 1MB | warned
            file_crc_poly                  | 3988292384 | warned
            file_slice_max_age file_auto_sync | 1m     | warned
            file_slice_archive_script      | x.sh      | warned
            sql_driver                     | mysql     | warned
            sql_no_caching                 | true      | warned
            sql_max_open_conns sql_bulk_insert_limit | 5 | warned
            cluster_name cluster_advertise | x         | warned
            connect_retries profile        | 5         | warned
            no_advertise                   | true      | warned
            st store                       | sql       | SQL stores are not there; write FILE
            st store                       | tape      | unsupported store type: TAPE
            ft_group                       | g         | run three nodes
            sql_source                     | x         | use store: file
            s syslog                       | true      | journald
            r remote_syslog                | x         | journald
            ms https_port                  | 8444      | use http_port
            tls tlsverify                  | true      | TLS proxy
            tlscert tlskey tlscacert       | x         | TLS proxy
            js jetstream                   | true      | JetStream is not there
            sd store_dir                   | x         | JetStream is not there
            routes cluster cluster_listen  | nats://x  | streaming.cluster.peers
            """)
    void shouldKnowEachFlag(String flags, String value, String fate) throws Exception {
        for (String flag : flags.split(" ", -1)) {
            check(fate, "-" + flag + "=" + value);
            check(fate, "--" + flag + "=" + value);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            streaming { %s: orders }   | id cluster_id cid Cluster_ID | effective
            streaming { %s: memory }   | store store_type storetype st | effective
            streaming { %s: data }     | dir datastore | effective
            streaming { %s: "_X.c" }   | discover_prefix | effective
            streaming { %s: "5s" }     | hb_interval hbi server_to_client_hb_interval hb_timeout hbt server_to_client_hb_timeout | effective
            streaming { %s: 3 }        | hb_fail_count hbf server_to_client_hb_fail_count | effective
            streaming { %s: true }     | replace_durable replace_durables replace_duplicate_durable replace_duplicate_durables sd stan_debug sv stan_trace | effective
            streaming { store_limits { %s: 5 } } | max_channels maxchannels mc max_subs max_subscriptions maxsubscriptions msu max_msgs maxmsgs max_count maxcount mm max_bytes maxbytes mb | effective
            streaming { store_limits { %s: "1h" } } | max_age maxage ma max_inactivity maxinactivity mi | effective
            streaming { store_limits { %s { foo { mm: 1 } } } } | channels channels_limits channelslimits per_channel per_channel_limits | effective
            streaming { %s: "nats://127.0.0.1:4222" } | nats_server_url nats_server ns | effective
            streaming { %s: true } | secure | warned
            streaming { tls { %s: "x.pem" } } | client_ca client_cacert | warned
            streaming { %s { max_age: "1h" } } | store_limits limits storelimits | effective
            streaming { file { %s: true } } | compact compact_enabled | warned
            streaming { %s { compact: true } } | file_options file | warned
            streaming { file { %s: 5 } } | compact_fragmentation compact_frag compact_interval file_descriptors_limit fds_limit parallel_recovery slice_max_msgs slice_max_count slice_msgs slice_count | warned
            streaming { file { %s: 1MB } } | compact_min_size buffer_size slice_max_bytes slice_max_size slice_bytes slice_size read_buffer_size file_read_buffer_size | warned
            streaming { file { %s: false } } | crc do_crc sync_on_flush sync do_sync | warned
            streaming { file { %s: true } } | crc do_crc sync_on_flush sync do_sync | effective
            streaming { file { %s: 3988292384 } } | crc_poly | warned
            streaming { file { %s: "1m" } } | slice_max_age slice_age slice_max_time slice_time_limit auto_sync file_auto_sync | warned
            streaming { file { %s: "x.sh" } } | slice_archive_script slice_archive slice_script | warned
            streaming { %s { driver: mysql } } | sql_options sql | warned
            streaming { sql { %s: 5 } } | max_open_conns max_conns bulk_insert_limit | warned
            streaming { sql { %s: true } } | no_caching | warned
            streaming { sql { %s: "root@/x" } } | source | use store: file
            streaming { %s: x } | syslog_name | warned
            streaming { %s: g } | ft_group ft_group_name | run three nodes
            streaming { %s: true } | partitioning | channels are not partitioned
            streaming { %s: tape } | store store_type | unknown store type: tape
            tls { %s: "x.pem" } | cert_file | TLS proxy
            %s { users: [] } | authorization | not authenticated
            %s { store_dir: x } | jetstream | JetStream is not there
            %s: false | jetstream | effective
            %s { routes: ["nats://x:6222"] } | cluster | streaming.cluster.peers
            %s { port: 7422 } | leafnodes leaf gateway | cluster only
            %s { port: 7422 } | websocket mqtt ws | plain NATS clients
            %s: 5 | prof_port | warned
            %s: 100 | log_size_limit logfile_size_limit log_max_num logfile_max_num max_traced_msg_len | effective
            """)
    void shouldKnowEachKey(String text, String keys, String fate) throws Exception {
        for (String key : keys.split(" ", -1)) {
            check(fate, "-c", write(text.formatted(key)).toString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bootstrap: true | warned
            log_path: x | warned
            log_cache_size: 5 | warned
            log_snapshots: 5 | warned
            trailing_logs: 5 | warned
            sync: false | warned
            sync: true | effective
            raft_logging: true | effective
            proceed_on_restore_failure: true | warned
            raft_heartbeat_timeout: "1s" | effective
            raft_election_timeout: "1s" | warned
            raft_lease_timeout: "1s" | warned
            raft_commit_timeout: "50ms" | warned
            bolt_free_list_sync: true | warned
            bolt_free_list_map: true | warned
            nodes_connections: true | warned
            """)
    void shouldKnowEachKeyOfTheCluster(String line, String fate) throws Exception {
        Path file =
                write("streaming { dir: data, cluster { node_id: a\n peers: [\"a=127.0.0.1:6222\"]\n" + line + " } }");
        check(fate, "-c", file.toString());
    }

    private void check(String fate, String... arguments) throws InvalidConfigException {
        if (fate.equals(EFFECTIVE) || fate.equals(WARNED)) {
            assertThat(load(Program.STANCHION, arguments).report().warnings())
                    .as(String.join(" ", arguments))
                    .hasSize(fate.equals(WARNED) ? 1 : 0)
                    .allMatch(warning -> warning.contains("no effect here: "));
        } else {
            assertRefused(Program.STANCHION, fate, arguments);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hb_fail_count: "3"       | parameter "hb_fail_count" value is expected to be int64, got string
            replace_durable: 1       | parameter "replace_durable" value is expected to be bool, got int64
            id: 7                    | parameter "id" value is expected to be string, got int64
            file { crc: "yes please" } | parameter "crc" value is expected to be bool, got string
            """)
    void shouldNameBothKindsWhenAValueIsOfTheWrongOne(String line, String text) throws Exception {
        assertRefused(
                Program.STANCHION,
                text,
                "-c",
                write("streaming {\n" + line + "\n}").toString());
    }

    @Test
    void shouldReadStreamingKeysAtTheTopOfAFileWithoutTheirBlock() throws Exception {
        NodeConfig config = load(
                Program.STANCHION,
                "-c",
                write(
                                "port: 4333\nid: orders\nlimits { mc: 7 }\ndir: d\ncluster { node_id: a, peers: [\"a=127.0.0.1:6222\"] }")
                        .toString());

        assertThat(config.gateway().port()).isEqualTo(4333);
        assertThat(config.streaming().clusterId()).isEqualTo("orders");
        assertThat(config.streaming().limits().channelsMax()).isEqualTo(7);
        assertThat(config.cluster().nodeId()).isEqualTo("a");
    }

    @Test
    void shouldNotReadStreamingKeysAtTheTopBesideTheirBlock() throws Exception {
        assertRefused(
                Program.STANCHION,
                "it belongs in the block streaming",
                "-c",
                write("id: orders\nstreaming { hbf: 3 }").toString());
    }

    @Test
    void shouldTakeStreamingFromAFileOfItsOwn() throws Exception {
        Path nats = write("port: 4333");
        Path streaming = Files.writeString(folder.resolve("stan.conf"), "id: orders");

        NodeConfig config =
                load(Program.STANCHION, "-c", nats.toString(), "-sc", streaming.toString(), "-cid", "flags-win");

        assertThat(config.gateway().port()).isEqualTo(4333);
        assertThat(config.streaming().clusterId()).isEqualTo("flags-win");
    }

    @Test
    void shouldLeaveOutTheStreamingBlockOfTheNatsFileIfStreamingHasAFileOfItsOwn() throws Exception {
        Path nats = write("port: 4333\nstreaming { id: other, limits { mc: 7 } }");
        Path streaming = Files.writeString(folder.resolve("stan.conf"), "streaming { id: orders }");

        NodeConfig config = load(Program.STANCHION, "-c", nats.toString(), "-sc", streaming.toString());

        assertThat(config.streaming().clusterId()).isEqualTo("orders");
        assertThat(config.streaming().limits().channelsMax()).isEqualTo(100);
        assertThat(config.report().warnings())
                .containsExactly(nats + ":2:1: streaming: no effect here: -sc names another file for it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-hbf=0",
                "-hbi=0s",
                "-hbt=0s",
                "-ms=0",
                "-user=",
                "-pass=",
                "-auth=",
                "-cluster_peers=",
                "-cluster_node_id="
            })
    void shouldTakeNothingAsTheReferenceDoes(String flag) throws Exception {
        assertThat(load(Program.REFERENCE, flag).report().warnings()).isEmpty();
    }

    @Test
    void shouldTakeZeroForHeartbeatsInAFile() throws Exception {
        Path file = write("https_port: 0\nstreaming { hb_fail_count: 0, hb_interval: 0, hb_timeout: \"0s\" }");

        StreamingConfig.Heartbeats heartbeats =
                load(Program.STANCHION, "-c", file.toString()).streaming().heartbeats();

        assertThat(heartbeats).isEqualTo(new StreamingConfig.Heartbeats(0, 0, 0));
    }

    @Test
    void shouldShowInItsHelpWhatHoldsUnderItsName() {
        assertThat(Flags.help(Program.STANCHION))
                .containsPattern("--store <value> +FILE or MEMORY \\(FILE\\)\n")
                .containsPattern("--max_bytes <value> +bytes of a channel \\(1024000000\\)\n");
        assertThat(Flags.help(Program.REFERENCE))
                .containsPattern("--store <value> +FILE or MEMORY \\(MEMORY\\)\n")
                .doesNotContain("--routes", "--ft_group", "--cluster_listen", "--cluster ");
    }

    @Test
    void shouldTakeTheStoreThatGoesWithTheNameOfTheProgram() throws Exception {
        assertThat(load(Program.STANCHION).store()).isEqualTo(NodeConfig.Store.FILE);
        assertThat(load(Program.REFERENCE).store()).isEqualTo(NodeConfig.Store.MEMORY);
        assertThat(load(Program.REFERENCE, "-dir", "data").store()).isEqualTo(NodeConfig.Store.MEMORY);
        assertThat(load(Program.STANCHION, "-store", "memory").store()).isEqualTo(NodeConfig.Store.MEMORY);
        assertThat(load(Program.REFERENCE, "-store", "file", "-dir", "data").store())
                .isEqualTo(NodeConfig.Store.FILE);
        assertRefused(Program.REFERENCE, "for FILE stores, root directory must be specified", "-store", "file");
        assertRefused(
                Program.REFERENCE,
                "stan: clustering mode not supported with MEMORY store type",
                "-clustered",
                "-cluster_node_id=a",
                "-cluster_peers=a=127.0.0.1:6222");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1s", "500ms"})
    void shouldMakeElectionTimeoutsOfTheReferencesOne(String timeout) throws Exception {
        Path file = write("streaming { dir: d, cluster { node_id: a, peers: [\"a=127.0.0.1:6222\"],"
                + " raft_heartbeat_timeout: \"" + timeout + "\" } }");
        ClusterConfig cluster = load(Program.STANCHION, "-c", file.toString()).cluster();
        assertThat(cluster.electionTimeoutMillisMax()).isEqualTo(2 * cluster.electionTimeoutMillisMin());
    }

    @Test
    void shouldWarnOfRoutesInAClusterBecauseItsNodesAreLinkedAnyway() throws Exception {
        Path file = write("cluster { listen: \"0.0.0.0:6248\", routes: [\"nats://x:6248\"] }\n"
                + "streaming { dir: d, cluster { node_id: a, peers: [\"a=127.0.0.1:6222\"] } }");
        assertThat(load(Program.STANCHION, "-c", file.toString()).report().warnings())
                .singleElement()
                .asString()
                .contains(":1:", "cluster: no effect here");
    }

    @Test
    void shouldShowHelpWithEachFlagThatIsAccepted() throws Exception {
        ConfigLoader.Order order = loader(Program.REFERENCE).load("-help");
        String help = ((ConfigLoader.ShowHelp) order).text();
        assertThat(help).startsWith("Usage: nats-streaming-server [options]").doesNotContain("bench");
        Settings.ALL.stream()
                .flatMap(setting -> setting.flags().stream())
                .forEach(flag -> assertThat(help).contains("-" + flag));
        assertThatCode(() -> loader(Program.STANCHION).load("-sl", "reload=1")).doesNotThrowAnyException();
    }

    private static ConfigLoader loader(Program program) {
        return new ConfigLoader(program, name -> null);
    }

    private static NodeConfig load(Program program, String... arguments) throws InvalidConfigException {
        return ((ConfigLoader.Run) loader(program).load(arguments)).config();
    }

    private static void assertRefused(Program program, String reason, String... arguments) {
        assertThatThrownBy(() -> load(program, arguments))
                .as(List.of(arguments).toString())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining(reason)
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasLineCount(1));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("node.conf"), text);
    }
}
