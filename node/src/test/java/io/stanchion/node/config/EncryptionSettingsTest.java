package io.stanchion.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.raftsm.cipher.Aead;
import io.stanchion.raftsm.cipher.Encryption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptionSettingsTest {
    private static final String VARIABLE = "NATS_STREAMING_ENCRYPTION_KEY";

    @TempDir
    private Path folder;

    private ConfigLoader.Order order(Map<String, String> environment, String streaming, String... flags)
            throws Exception {
        Path file = Files.writeString(folder.resolve("node.conf"), "streaming { " + streaming + " }");
        List<String> arguments = new ArrayList<>(List.of("-c", file.toString()));
        arguments.addAll(Arrays.asList(flags));
        return new ConfigLoader(Program.STANCHION, environment::get).load(arguments.toArray(String[]::new));
    }

    private NodeConfig load(Map<String, String> environment, String streaming, String... flags) throws Exception {
        return ((ConfigLoader.Run) order(environment, streaming, flags)).config();
    }

    private EncryptionConfig encryption(Map<String, String> environment, String streaming, String... flags)
            throws Exception {
        return load(environment, streaming, flags).streaming().encryption();
    }

    private static boolean isKey(String passphrase, EncryptionConfig encryption) {
        EncryptionConfig expected = new EncryptionConfig(true, Aead.AES, passphrase, "");
        Encryption derived = encryption.derive("test-cluster");
        return derived.key().matches(expected.derive("test-cluster").key().check());
    }

    @Test
    void shouldNotEncryptUnlessAsked() throws Exception {
        assertThat(encryption(Map.of(), "").isOn()).isFalse();
        assertThat(encryption(Map.of(), "").derive("any").isOn()).isFalse();
        assertThat(encryption(Map.of(), "").warning()).isEmpty();
    }

    @Test
    void shouldEncryptWhenAKeyIsSetWhereverItComesFrom() throws Exception {
        assertThat(isKey("of file", encryption(Map.of(), "encryption_key: \"of file\"")))
                .isTrue();
        assertThat(isKey("of flag", encryption(Map.of(), "", "-encryption_key", "of flag")))
                .isTrue();
        assertThat(isKey("e", encryption(Map.of(VARIABLE, "e"), "encrypt: true")))
                .isTrue();
        assertThat(isKey("e", encryption(Map.of(VARIABLE, "e"), "", "-encrypt")))
                .isTrue();
        assertThat(encryption(Map.of(), "encrypt: false, encryption_key: k").isOn())
                .isTrue();
    }

    @Test
    void shouldPreferTheFlagToTheFileAndTheEnvironmentToBoth() throws Exception {
        assertThat(isKey("flag", encryption(Map.of(), "encryption_key: file", "-encryption_key", "flag")))
                .isTrue();
        assertThat(isKey("env", encryption(Map.of(VARIABLE, "env"), "encryption_key: file", "-encryption_key", "flag")))
                .isTrue();
    }

    @Test
    void shouldRequireAKey() {
        for (Map<String, String> environment : List.of(Map.<String, String>of(), Map.of(VARIABLE, ""))) {
            assertThatThrownBy(() -> load(environment, "encrypt: true"))
                    .isInstanceOfSatisfying(
                            InvalidConfigException.class,
                            e -> assertThat(e.problems())
                                    .singleElement()
                                    .asString()
                                    .contains("node.conf:1:")
                                    .contains("streaming.encrypt: encryption key required")
                                    .contains(VARIABLE));
        }
    }

    @Test
    void shouldWarnOfAKeyOnTheCommandLineAndOfOneThatIsNotUsed() throws Exception {
        assertThat(encryption(Map.of(), "", "-encryption_key", "sesame").warning())
                .contains("-encryption_key")
                .contains(VARIABLE)
                .doesNotContain("sesame");
        assertThat(encryption(Map.of(VARIABLE, "sesame"), "").warning())
                .contains("data is not encrypted")
                .doesNotContain("sesame");
        assertThat(encryption(Map.of(), "encryption_key: sesame").warning()).isEmpty();
    }

    @Test
    void shouldTakeEitherCipherInAnyCase() throws Exception {
        String key = "encryption_key: k, encryption_cipher: ";
        assertThat(encryption(Map.of(), key + "AES").aead()).isEqualTo(Aead.AES);
        assertThat(encryption(Map.of(), key + "ChaCha").aead()).isEqualTo(Aead.CHACHA);
        assertThat(encryption(Map.of(), key + "auto").aead()).isNotNull();
        assertThatThrownBy(() -> encryption(Map.of(), key + "ROT13"))
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .asString()
                                .contains("must be AES, CHACHA or auto, not \"ROT13\""));
    }

    @Test
    void shouldNeverShowTheKey() throws Exception {
        NodeConfig config = load(Map.of(VARIABLE, "sesame"), "encrypt: true");
        assertThat(String.join("\n", config.effective()))
                .contains("encrypt: true")
                .doesNotContain("sesame")
                .doesNotContain("encryption_key");
        assertThat(config.toString()).doesNotContain("sesame");
        ConfigLoader.Order shown = order(Map.of(), "encryption_key: sesame", "-t");
        assertThat(shown.toString()).doesNotContain("sesame");
        assertThat(Flags.help(Program.STANCHION)).contains("-encryption_key").doesNotContain("sesame");
        assertThatThrownBy(() -> load(Map.of(), "encryption_key: 4711"))
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .asString()
                                .contains("put it in quotes")
                                .doesNotContain("4711"));
    }
}
