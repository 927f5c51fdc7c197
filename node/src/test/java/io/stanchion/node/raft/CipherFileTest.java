package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.raftsm.cipher.Aead;
import io.stanchion.raftsm.cipher.DataKey;
import io.stanchion.raftsm.cipher.Encryption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CipherFileTest {
    private static final DataKey KEY = DataKey.derive("a passphrase", "orders", Aead.AES);
    private static final Encryption SEALED = Encryption.with(KEY);
    private static final Encryption OTHER = Encryption.with(DataKey.derive("another passphrase", "orders", Aead.AES));

    @TempDir
    private Path root;

    private void open(Encryption encryption) throws IOException {
        DataDirectory.open(root, "orders", "a", encryption, 1).close();
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(root)) {
            for (Path file : files.toList()) {
                found.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return found;
    }

    private void assertRefusedUntouched(Encryption encryption, String... words) throws IOException {
        Map<String, String> before = files();
        assertThatThrownBy(() -> open(encryption))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("data directory " + root)
                .hasMessageContainingAll(words)
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining("passphrase");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void shouldTakeTheRightKeyAgainWhicheverCipherItIsFor() throws IOException {
        open(SEALED);
        open(SEALED);
        open(Encryption.with(KEY.with(Aead.CHACHA)));
    }

    @Test
    void shouldRefuseAnotherKeyAndTouchNothing() throws IOException {
        open(SEALED);
        assertRefusedUntouched(OTHER, "is encrypted with another key", "give the key that it was begun with");
        open(SEALED);
    }

    @Test
    void shouldRequireTheKeyOfEncryptedData() throws IOException {
        open(SEALED);
        assertRefusedUntouched(
                Encryption.off(), "encryption key required", "set encrypt", "NATS_STREAMING_ENCRYPTION_KEY");
        open(SEALED);
    }

    @Test
    void shouldNotMixPlainAndEncryptedData() throws IOException {
        open(Encryption.off());
        assertRefusedUntouched(SEALED, "was begun without encryption", "remove encrypt and the key");
        open(Encryption.off());
    }

    @Test
    void shouldRefuseADamagedFile() throws IOException {
        open(SEALED);
        for (String damaged : List.of("", "key_check=", "key_check=xyz", "something else")) {
            Files.writeString(root.resolve("cipher"), damaged);
            assertThatThrownBy(() -> open(SEALED)).isInstanceOf(DataDirectoryException.class);
        }
    }

    @Test
    void shouldBeginAnewWhereAFirstStartDidNotComeFar() throws IOException {
        open(OTHER);
        Files.delete(root.resolve("identity"));
        open(SEALED);
        open(SEALED);
        Files.delete(root.resolve("identity"));
        open(Encryption.off());
        open(Encryption.off());
    }

    @Test
    void shouldTellOtherNodesWhetherKeysAreTheSameAndNothingElse() throws IOException {
        open(SEALED);
        String check = CipherFile.checkOf(SEALED);
        assertThat(check).hasSize(32).isNotEqualTo(CipherFile.checkOf(OTHER));
        assertThat(CipherFile.checkOf(Encryption.with(KEY.with(Aead.CHACHA)))).isEqualTo(check);
        assertThat(CipherFile.checkOf(Encryption.off())).isEmpty();
        assertThat(Files.readString(root.resolve("cipher"))).contains(check).doesNotContain("passphrase");
    }
}
