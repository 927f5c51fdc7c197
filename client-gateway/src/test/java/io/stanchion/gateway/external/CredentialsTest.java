package io.stanchion.gateway.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.NKey;
import io.stanchion.gateway.external.ExternalNatsConfig.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldShowUserAndPassword() throws Exception {
        assertThat(connectAs(new Login("me", "secret", "", "", ""), connect -> connect.contains("\"pass\":\"secret\"")))
                .contains("\"user\":\"me\"")
                .contains("\"name\":\"test\"")
                .contains("\"echo\":false");
    }

    @Test
    void shouldShowAToken() throws Exception {
        assertThat(connectAs(new Login("", "", "t0ken", "", ""), connect -> true))
                .contains("\"auth_token\":\"t0ken\"");
    }

    @Test
    void shouldSignWithAnNkey() throws Exception {
        NKey key = NKey.createUser(new SecureRandom());
        Path file = Files.writeString(folder.resolve("seed"), "# mine\n" + new String(key.getSeed()) + "\n");

        String connect = connectAs(new Login("", "", "", file.toString(), ""), any -> true);

        assertThat(connect).contains("\"nkey\":\"" + new String(key.getPublicKey()) + "\"");
        assertThat(isSigned(connect, key)).isTrue();
    }

    @Test
    void shouldShowACredentialsFile() throws Exception {
        NKey key = NKey.createUser(new SecureRandom());
        Path file = Files.writeString(folder.resolve("me.creds"), """
                -----BEGIN NATS USER JWT-----
                aGVhZA.Ym9keQ.c2ln
                ------END NATS USER JWT------

                -----BEGIN USER NKEY SEED-----
                %s
                ------END USER NKEY SEED------
                """.formatted(new String(key.getSeed())));

        String connect = connectAs(new Login("", "", "", "", file.toString()), any -> true);

        assertThat(connect).contains("\"jwt\":\"aGVhZA.Ym9keQ.c2ln\"");
        assertThat(isSigned(connect, key)).isTrue();
    }

    @Test
    void shouldSayWhyTheServerRefuses() throws Exception {
        try (ScriptedNats server = new ScriptedNats(null, connect -> false)) {
            assertThatThrownBy(() -> connect(server, new Login("me", "wrong", "", "", "")))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot connect to NATS at " + server.url() + ": ")
                    .hasMessageContaining("Authorization Violation");
        }
    }

    @Test
    void shouldSayWhenNobodyListens() throws Exception {
        String url;
        try (ScriptedNats server = new ScriptedNats(null, connect -> false)) {
            url = server.url();
        }
        ExternalNatsConfig config = new ExternalNatsConfig(
                List.of(url.replace("://", "://me:secret@")), Login.ANONYMOUS, ExternalNatsConfig.NONE.tls());
        assertThatThrownBy(() -> ExternalNats.connect(config, "test", reason -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot connect to NATS at " + url + ": ")
                .hasMessageNotContaining("secret");
    }

    @Test
    void shouldNameTheFileThatIsOfNoUse() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty"), "nothing\n");
        String missing = folder.resolve("missing").toString();
        try (ScriptedNats server = new ScriptedNats(null, connect -> true)) {
            assertThatThrownBy(() -> connect(server, new Login("", "", "", missing, "")))
                    .hasMessage("streaming.nkey_seed_file: cannot read " + missing + ": there is no such file");
            assertThatThrownBy(() -> connect(server, new Login("", "", "", empty.toString(), "")))
                    .hasMessage("streaming.nkey_seed_file: " + empty + " does not contain the seed of a user, SU...");
            assertThatThrownBy(() -> connect(server, new Login("", "", "", "", missing)))
                    .hasMessage("streaming.credentials: cannot read " + missing + ": there is no such file");
            assertThatThrownBy(() -> connect(server, new Login("", "", "", "", empty.toString())))
                    .hasMessage("streaming.credentials: " + empty + " does not contain a JWT and an NKey seed");
        }
    }

    private static String connectAs(Login login, Predicate<String> admits) throws Exception {
        try (ScriptedNats server = new ScriptedNats(null, admits)) {
            connect(server, login).close();
            return server.connect();
        }
    }

    private static ExternalNats connect(ScriptedNats server, Login login) throws IOException, InterruptedException {
        return ExternalNats.connect(
                new ExternalNatsConfig(List.of(server.url()), login, ExternalNatsConfig.NONE.tls()),
                "test",
                reason -> {});
    }

    private static boolean isSigned(String connect, NKey key) throws Exception {
        Matcher signature = Pattern.compile("\"sig\":\"([^\"]+)\"").matcher(connect);
        assertThat(signature.find()).isTrue();
        return key.verify(
                ScriptedNats.NONCE.getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                Base64.getUrlDecoder().decode(signature.group(1)));
    }
}
