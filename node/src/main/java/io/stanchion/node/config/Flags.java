package io.stanchion.node.config;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@code -help} shows, and which flags of the reference are missing. */
final class Flags {
    /** Flags that nats-server and nats-streaming-server know, and we don't yet. */
    static final Set<String> NOT_YET = Set.of("""
            ms https_port s syslog r remote_syslog log_size_limit max_traced_msg_len VV DVV tls tlscert tlskey tlsverify
            tlscacert js jetstream sd store_dir cluster cluster_listen routes cluster_name cluster_advertise no_advertise
            connect_retries profile help_tls sl signal ft_group syslog_name io_batch_size io_sleep_time mi max_inactivity
            cluster_bootstrap cluster_log_path cluster_log_cache_size cluster_log_snapshots cluster_trailing_logs cluster_sync
            cluster_raft_logging cluster_proceed_on_restore_failure cluster_allow_add_remove_node file_compact_enabled
            file_compact_frag file_compact_interval file_compact_min_size file_buffer_size file_crc file_crc_poly file_sync
            file_slice_max_msgs file_slice_max_bytes file_slice_max_age file_slice_archive_script file_fds_limit
            file_parallel_recovery file_read_buffer_size file_auto_sync file_truncate_bad_eof sql_driver sql_source sql_no_caching
            sql_max_open_conns sql_bulk_insert_limit""".strip().split("\\s+"));

    private static final List<String> OTHERS = List.of(
            line("-c, -config", "FILE", "configuration file; -sc and -stan_config are the same"),
            line("-t", "", "test the configuration and show what it comes to"),
            line("-DV", "", "-D and -V"),
            line("-SDV", "", "-SD and -SV"),
            line("-v, -version", "", "show the version"),
            line("-h, -help", "", "show this"));

    private Flags() {}

    static String help() {
        StringBuilder text = new StringBuilder("""
                Usage: stanchion [flags]
                       stanchion demo [options]
                       stanchion bench [options]

                Flags take one dash or two, and their value after a blank or an equals sign. They override the configuration file.

                """);
        OTHERS.forEach(text::append);
        for (Setting<?> setting : Settings.ALL) {
            if (!setting.flags().isEmpty()) {
                String names = setting.flags().stream().map(flag -> "-" + flag).collect(Collectors.joining(", "));
                text.append(line(names, setting.isBoolean() ? "" : "VALUE", about(setting)));
            }
        }
        return text.toString();
    }

    private static <T> String about(Setting<T> setting) {
        T preset = setting.preset();
        String shown = preset == null ? "" : setting.kind().show(preset);
        return setting.isBoolean() || shown.isEmpty() || shown.equals("\"\"")
                ? setting.about()
                : setting.about() + " (" + shown + ")";
    }

    private static String line(String flags, String value, String about) {
        return String.format("  %-34s %s%n", (flags + " " + value).strip(), about);
    }
}
