package io.stanchion.node.config;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code -help} shows, in the order in which users of the reference look for it. */
final class Flags {
    private static final int SHORT = 3;
    private static final int WIDTH = 110;

    /** Headings and flags in the order in which users of the reference find them. */
    private static final String GROUPS = """
            Streaming server:
                cid st dir mc msu mm mb ma mi ns sc hbi hbt hbf replace_durable encrypt encryption_cipher encryption_key
            Streaming cluster:
                clustered cluster_node_id cluster_peers cluster_raft_logging cluster_allow_add_remove_node
            Streaming log:
                SD SV io_batch_size
            NATS server elsewhere:
                user pass auth secure tls_client_cert tls_client_key tls_client_cacert
            Server:
                a p P m c n client_advertise ports_file_dir t
            Log:
                l log_size_limit T logtime_utc D V max_traced_msg_len""";

    private static final Map<String, String> OTHERS = Map.of(
            "c", line("-c, --config <file>", "configuration file"),
            "sc", line("-sc, --stan_config <file>", "configuration file of streaming, if it has one of its own"),
            "t", line("-t", "check the configuration and exit"),
            "SV", line("-SDV", "-SD and -SV"),
            "V", line("-DV", "-D and -V") + line("-VV, -DVV", "the same as -V and -DV"));

    private Flags() {}

    static String help(Program program) {
        StringBuilder text = new StringBuilder("Usage: " + program.executable() + " [options]\n");
        if (program == Program.STANCHION) {
            text.append("""
                           stanchion demo [options]
                           stanchion cluster [...]
                           stanchion bench [options]
                           stanchion chaos [options]
                    """);
        }
        text.append(
                "\nOptions take one dash or two, and their value after a blank or =. They override the configuration file.\n");
        Set<Setting<?>> shown = new HashSet<>();
        for (String row : GROUPS.lines().toList()) {
            if (row.startsWith(" ")) {
                Arrays.stream(row.strip().split(" ")).forEach(flag -> append(text, flag, shown, program));
            } else {
                text.append('\n').append(row).append('\n');
            }
        }
        text.append("\nOther:\n");
        Settings.ALL.stream()
                .filter(setting -> !setting.flags().isEmpty() && !shown.contains(setting))
                .forEach(setting -> append(text, setting.flags().get(0), shown, program));
        text.append(line(
                "-sl, --signal <signal>[=<pid>]", "tell a running server: stop, quit, reopen (its log), reload, ldm"));
        text.append(line("-v, --version", "show the version")).append(line("-h, --help", "show this"));
        text.append("\nWithout effect, each with a word in the log that says why:\n");
        return text.append(wrapped(withoutEffect())).toString();
    }

    private static void append(StringBuilder text, String flag, Set<Setting<?>> shown, Program program) {
        Settings.byFlag(flag).filter(shown::add).ifPresent(setting -> {
            String names = setting.flags().stream()
                    .map(name -> (name.length() <= SHORT ? "-" : "--") + name)
                    .collect(Collectors.joining(", "));
            text.append(line(names + (setting.isBoolean() ? "" : " <value>"), about(setting, program)));
        });
        text.append(OTHERS.getOrDefault(flag, ""));
    }

    private static Stream<String> withoutEffect() {
        return ForeignSettings.all().stream()
                .filter(foreign -> !foreign.refused() && !Modes.mayRefuse(foreign.setting()))
                .flatMap(foreign -> foreign.setting().flags().stream().map(flag -> "--" + flag));
    }

    private static String wrapped(Stream<String> words) {
        StringBuilder text = new StringBuilder();
        StringBuilder row = new StringBuilder();
        words.forEach(word -> {
            if (row.length() + word.length() > WIDTH) {
                text.append("   ").append(row).append('\n');
                row.setLength(0);
            }
            row.append(' ').append(word);
        });
        return text.append("   ").append(row).append('\n').toString();
    }

    private static <T> String about(Setting<T> setting, Program program) {
        T preset = setting.preset();
        String shown = preset == null ? "" : setting.kind().show(preset);
        if (setting.equals(Settings.STORE)) {
            shown = Modes.presetStore(program);
        }
        return setting.isBoolean() || shown.isEmpty() || shown.equals("\"\"")
                ? setting.about()
                : setting.about() + " (" + shown + ")";
    }

    private static String line(String flags, String about) {
        return String.format("    %-44s %s%n", flags, about);
    }
}
