package io.stanchion.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.gateway.external.ExternalNatsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a file and a command line to what a node is built from, or to what its operator should correct. */
class ConfigLoaderTest {
    private static final String SIZE_UNITS = "k, m, g, t (times 1000) and kb, mb, gb, tb (times 1024)";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"orders", "orders.eu", "a.b-1.C_2"})
    void shouldTakeAClusterIdOfOneOrMoreTokens(String id) throws Exception {
        assertThat(load("streaming { id: \"" + id + "\" }").streaming().clusterId())
                .isEqualTo(id);
        StreamingConfig streaming = load("", "-cid", id).streaming();
        assertThat(streaming.clusterId()).isEqualTo(id);
        assertThat(streaming.directory())
                .isEqualTo(Path.of("stanchion-data", id).toAbsolutePath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".a", "a.", "a..b", "..", "a b", "a.*", "a.>", "a/b", "caf\u00e9"})
    void shouldRefuseAClusterIdThatIsNoPartOfASubject(String id) {
        assertRefused("streaming { id: \"" + id + "\" }", "letters, digits, - and _, with single dots between them");
    }

    @Test
    void shouldLeaveClientsTheTimeThatTheOperatorGivesThem() throws Exception {
        assertThat(load("").lameDuck()).isEqualTo(new NodeConfig.LameDuck(250, 1_750));
        assertThat(load("lame_duck_duration: \"2m\", lame_duck_grace_period: 10")
                        .lameDuck())
                .isEqualTo(new NodeConfig.LameDuck(10_000, 110_000));
        assertRefused(
                "lame_duck_grace_period: \"2s\"",
                "lame_duck_grace_period: must be less than lame_duck_duration, which is 2s");
    }

    @Test
    void shouldCutADamagedLogOffOnlyIfItIsTold() throws Exception {
        assertThat(load("").streaming().disk().cutsDamagedEnd()).isFalse();
        assertThat(load("", "-file_truncate_bad_eof").streaming().disk().cutsDamagedEnd())
                .isTrue();
        assertThat(load("streaming { file_options { truncate_bad_eof: true } }")
                        .streaming()
                        .disk()
                        .cutsDamagedEnd())
                .isTrue();
    }

    @Test
    void shouldRefuseDotsInTheNameOfANode() {
        assertRefused("streaming { cluster { node_id: \"a.b\" } }", "made of letters, digits, - and _, not \"a.b\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a:", "[{a:"})
    void shouldRefuseValuesNestedWithoutEnd(String opening) {
        String text = "x: " + opening.repeat(20_000 / opening.length());
        assertRefused(text, "more than 100 blocks and lists inside each other");
        assertRefused(text, "node.conf:1:" + (opening.equals("[") ? "104" : ""));
    }

    @Test
    void shouldTakeValuesNestedUpToTheLimit() throws Exception {
        String deep = "x: " + "[".repeat(99) + "1" + "]".repeat(99);
        assertRefused(deep, "unknown field \"x\"");
    }

    @Test
    void shouldReadOverAByteOrderMark() throws Exception {
        Files.writeString(folder.resolve("more.conf"), "\uFEFFhttp_port: 8333");
        NodeConfig config = load("\uFEFFport: 4333\ninclude more.conf\n");
        assertThat(config.gateway().port()).isEqualTo(4333);
        assertThat(config.monitor().port()).isEqualTo(8333);
    }

    @Test
    void shouldSayWhatUnitsThereAre() {
        assertRefused(
                "ping_interval: 5 parsecs",
                "a unit right behind a whole number (of a duration: ns, us, ms, s, m, h; of a size: " + SIZE_UNITS
                        + ")");
        assertRefused("ping_interval: 5parsecs", "parsecs is no unit; units are ns, us, ms, s, m, h");
        assertRefused("max_payload: 1.5MB", "1.5MB is no size: sizes are whole numbers; units are " + SIZE_UNITS);
        assertRefused("max_payload: 1.5 MB", "a unit right behind a whole number");
        assertRefused("ping_interval: 1.5h", "write \"1.5h\"");
        assertRefused("{ port: 4222 http_port: 8222 }", "put a comma between two entries");
    }

    @Test
    void shouldReadWhatLeadsToANatsServerElsewhere() throws Exception {
        ExternalNatsConfig file = load("""
                streaming {
                  ns: "nats://me:secret@a:4222, b:4333", user: u, pass: p, token: t, credentials: c, nkey_seed_file: n, secure: true
                  tls { client_cert: cert, client_key: key, client_ca: ca, server_name: nats.example, skip_verify: true }
                }
                """).streaming().external();
        assertThat(file.isOn()).isTrue();
        assertThat(file.urls()).containsExactly("nats://me:secret@a:4222", "b:4333");
        assertThat(file.shownUrls()).isEqualTo("nats://a:4222, b:4333");
        assertThat(file.login()).isEqualTo(new ExternalNatsConfig.Login("u", "p", "t", "n", "c"));
        assertThat(file.tls()).isEqualTo(new ExternalNatsConfig.Tls(true, "cert", "key", "ca", "nats.example", true));

        String[] flags =
                "-ns nats://x:1 -user f -pass g -auth h -secure -tls_client_cert i -tls_client_key j -tls_client_cacert k"
                        .split(" ", -1);
        ExternalNatsConfig line =
                load("streaming { user: u }", flags).streaming().external();
        assertThat(line.urls()).containsExactly("nats://x:1");
        assertThat(line.login()).isEqualTo(new ExternalNatsConfig.Login("f", "g", "h", "", ""));
        assertThat(line.tls()).isEqualTo(new ExternalNatsConfig.Tls(true, "i", "j", "k", "", false));
    }

    @Test
    void shouldShowNoPasswords() throws Exception {
        NodeConfig config =
                load("streaming { ns: \"nats://me:hush@a:4222\", user: u, password: hush2 }", "-auth", "hush3");
        assertThat(config.effective())
                .contains("  nats_server_url: \"nats://a:4222\"")
                .noneMatch(line -> line.contains("hush"));
    }

    @Test
    void shouldRefuseWhatLeadsNowhere() {
        assertRefused("streaming { ns: \"http://a:80\" }", "must be URLs of NATS servers");
        assertRefused("streaming { ns: \"nats://a,,b\" }", "must be URLs of NATS servers");
        assertRefused("streaming { pass: p }", "streaming.password: is for a NATS server elsewhere");
        assertRefused("streaming { ns: a, tls { client_cert: c } }", "client_cert and client_key belong together");
    }

    private void assertRefused(String text, String problem) {
        assertThatThrownBy(() -> load(text))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("node.conf:1:")
                .hasMessageContaining(problem)
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasLineCount(1));
    }

    private NodeConfig load(String text, String... flags) throws IOException, InvalidConfigException {
        Path file = folder.resolve("node.conf");
        Files.writeString(file, text);
        String[] line = new String[flags.length + 2];
        line[0] = "-c";
        line[1] = file.toString();
        System.arraycopy(flags, 0, line, 2, flags.length);
        return ((ConfigLoader.Run) new ConfigLoader(Program.STANCHION, name -> null).load(line)).config();
    }
}
