package io.stanchion.gateway.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.gateway.external.ExternalNatsConfig.Login;
import io.stanchion.gateway.external.ExternalNatsConfig.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientTlsTest {
    /** Of nobody: made for this test. */
    private static final String EC_KEY = """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIObcvsdZ7ENMXOcxXZMuCKwKLGYF7Rba7rd22wkuOHn6oAoGCCqGSM49
            AwEHoUQDQgAEYKFw4JVtbLOQBNOdhkkkvVPNH9k3ex7sIsWZOS2MZ8Nw6kn0+fU/
            KU+rHlRO8CBEMoloJ4+01almVep1uvLYJA==
            -----END EC PRIVATE KEY-----
            """;

    @TempDir
    private static Path folder;

    private static TestKeys client;
    private static TestKeys server;
    private static ScriptedNats nats;

    @BeforeAll
    static void listen() throws Exception {
        client = TestKeys.generate(folder, "client", "client.example");
        server = TestKeys.generate(folder, "server", "nats.example");
        nats = new ScriptedNats(server.serverFor(client), connect -> true);
    }

    @AfterAll
    static void close() throws IOException {
        nats.close();
    }

    @Test
    void shouldShowItsCertificateAndCheckTheServersName() throws Exception {
        connect(tls(client.keyFile(), server.certificateFile(), "nats.example", false))
                .close();
    }

    @Test
    void shouldReadKeysInTheOlderFormat() throws Exception {
        connect(tls(client.rsaKeyFile(), server.certificateFile(), "nats.example", false))
                .close();
    }

    @Test
    void shouldRefuseAServerOfAnotherName() throws Exception {
        assertThatThrownBy(() -> connect(tls(client.keyFile(), server.certificateFile(), "", false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot connect to NATS at " + nats.url())
                .hasMessageContaining("localhost");
    }

    @Test
    void shouldRefuseAServerThatNobodyVouchesFor() throws Exception {
        assertThatThrownBy(() -> connect(tls(client.keyFile(), client.certificateFile(), "nats.example", false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("certification path");
    }

    @Test
    void shouldTrustAnybodyIfAskedTo() throws Exception {
        connect(tls(client.keyFile(), client.certificateFile(), "", true)).close();
    }

    @Test
    void shouldUseTlsIfTheServerAsksForIt() {
        assertThatThrownBy(() -> connect(ExternalNatsConfig.NONE.tls()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot connect to NATS at " + nats.url())
                .hasMessageContaining("certification path"); // so far does only TLS get
    }

    @Test
    void shouldSayThatAHostIsUnknown() {
        ExternalNatsConfig config = new ExternalNatsConfig(
                List.of("nats://nobody.invalid:4222"),
                ExternalNatsConfig.Login.ANONYMOUS,
                ExternalNatsConfig.NONE.tls());
        assertThatThrownBy(() -> ExternalNats.connect(config, "test", reason -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot connect to NATS at nats://nobody.invalid:4222: unknown host nobody.invalid");
    }

    @Test
    void shouldReadTheKeyOfACurve() throws Exception {
        Path file = Files.writeString(folder.resolve("ec.pem"), EC_KEY);

        assertThat(PemFiles.privateKey("key", file.toString()).getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void shouldNameTheFileThatIsOfNoUse() throws Exception {
        String certificate = client.certificateFile();
        String key = client.keyFile();
        Path cut = Files.writeString(
                folder.resolve("cut.pem"),
                EC_KEY.replaceAll("(?s)KEY-----\\n(.{20}).*\\n-----END", "KEY-----\n$1\n-----END"));
        String missing = folder.resolve("missing").toString();

        assertThatThrownBy(() -> PemFiles.privateKey("streaming.tls.client_key", missing))
                .hasMessage("streaming.tls.client_key: cannot read " + missing + ": there is no such file");
        assertThatThrownBy(() -> PemFiles.privateKey("streaming.tls.client_key", certificate))
                .hasMessageStartingWith("streaming.tls.client_key: " + certificate + " does not contain a private key");
        assertThatThrownBy(() -> PemFiles.privateKey("streaming.tls.client_key", cut.toString()))
                .hasMessage("streaming.tls.client_key: the private key in " + cut + " cannot be read: it is cut off");
        assertThatThrownBy(() -> PemFiles.certificates("streaming.tls.client_ca", key))
                .hasMessageStartingWith("streaming.tls.client_ca: " + key + " does not contain a certificate");
    }

    private static Tls tls(String keyFile, String authorityFile, String serverName, boolean trustsAnybody)
            throws Exception {
        return new Tls(true, client.certificateFile(), keyFile, authorityFile, serverName, trustsAnybody);
    }

    private static ExternalNats connect(Tls tls) throws IOException, InterruptedException {
        return ExternalNats.connect(
                new ExternalNatsConfig(List.of(nats.url()), Login.ANONYMOUS, tls), "test", reason -> {});
    }
}
