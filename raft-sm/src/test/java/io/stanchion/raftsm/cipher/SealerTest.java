package io.stanchion.raftsm.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealerTest {
    private static final DataKey KEY = DataKey.derive("a passphrase", "orders", Aead.AES);
    private static final byte[] PLACE = bytes("here");

    /** Cipher, mark, salt, number: what must differ between any two values, as far as it chooses key and nonce. */
    private static final int CHOICE_LENGTH = 1 + 4 + 16 + 8;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] open(Sealer sealer, byte[] sealed) {
        return sealer.open(ByteBuffer.wrap(sealed), PLACE);
    }

    @ParameterizedTest
    @EnumSource
    void shouldOpenWhatWasSealedAgainAndAgain(Aead aead) {
        Sealer sealer = KEY.with(aead).sealer("log");
        for (int length : new int[] {0, 1, 15, 16, 17, 100_000}) {
            byte[] plain = new byte[length];
            Arrays.fill(plain, (byte) 'p');
            byte[] sealed = sealer.seal(plain, PLACE);
            assertThat(sealed).hasSize(length + Sealer.OVERHEAD);
            assertThat(open(sealer, sealed)).isEqualTo(plain);
            assertThat(open(sealer, sealed)).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldOpenWhatAnotherNodeHasSealedWhicheverCipherItPrefers(Aead aead) {
        byte[] sealed = KEY.with(aead).sealer("log").seal(bytes("a message"), PLACE);
        DataKey sameElsewhere = DataKey.derive("a passphrase", "orders", Aead.AES);
        assertThat(open(sameElsewhere.sealer("log"), sealed)).isEqualTo(bytes("a message"));
    }

    @Test
    void shouldSealFromAndIntoMemoryOutsideTheHeap() {
        Sealer sealer = KEY.sealer("log");
        ByteBuffer to = ByteBuffer.allocateDirect(100).position(7);
        sealer.seal(ByteBuffer.wrap(bytes("a message")).asReadOnlyBuffer(), PLACE, to);
        assertThat(to.position()).isEqualTo(7 + Sealer.OVERHEAD + 9);
        assertThat(sealer.open(to.flip().position(7), PLACE)).isEqualTo(bytes("a message"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotOpenWhatWasChangedAnywhere(Aead aead) {
        Sealer sealer = KEY.with(aead).sealer("log");
        byte[] sealed = sealer.seal(bytes("a message"), PLACE);
        for (int at = 0; at < sealed.length; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] changed = sealed.clone();
                changed[at] ^= (byte) (1 << bit);
                assertThatThrownBy(() -> open(sealer, changed)).isInstanceOf(SealException.class);
            }
        }
        for (int length = 0; length < sealed.length; length++) {
            byte[] shorter = Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> open(sealer, shorter)).isInstanceOf(SealException.class);
        }
    }

    @Test
    void shouldNotOpenWhatBelongsElsewhere() {
        byte[] sealed = KEY.sealer("log").seal(bytes("a message"), PLACE);
        assertThatThrownBy(() -> KEY.sealer("log").open(ByteBuffer.wrap(sealed), bytes("there")))
                .isInstanceOf(SealException.class)
                .hasMessage("is damaged, or not where it belongs");
        assertThatThrownBy(() -> open(KEY.sealer("rows"), sealed))
                .isInstanceOf(SealException.class)
                .hasMessage("is damaged, or not where it belongs");
    }

    @Test
    void shouldSayThatTheKeyIsAnotherWhenPassphraseOrClusterDiffer() {
        byte[] sealed = KEY.sealer("log").seal(bytes("a message"), PLACE);
        for (DataKey other : List.of(
                DataKey.derive("A passphrase", "orders", Aead.AES),
                DataKey.derive("a passphrase", "invoices", Aead.AES))) {
            assertThat(other.matches(KEY.check())).isFalse();
            assertThatThrownBy(() -> open(other.sealer("log"), sealed))
                    .isInstanceOf(SealException.class)
                    .hasMessage("is encrypted with another key than this node's");
        }
    }

    @Test
    void shouldNeverUseANonceTwiceNeitherOverRestartsNorFromManyThreads() throws Exception {
        Set<ByteBuffer> seen = new HashSet<>();
        int count = 0;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int start = 0; start < 20; start++) {
                Sealer sealer = KEY.sealer("log"); // as after a start: nothing is remembered
                List<Future<List<ByteBuffer>>> choices = new ArrayList<>();
                for (int thread = 0; thread < 4; thread++) {
                    choices.add(threads.submit(() -> choices(sealer)));
                }
                for (Future<List<ByteBuffer>> chosen : choices) {
                    seen.addAll(chosen.get());
                    count += chosen.get().size();
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(seen).hasSize(count);
    }

    private static List<ByteBuffer> choices(Sealer sealer) {
        List<ByteBuffer> choices = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            choices.add(ByteBuffer.wrap(Arrays.copyOf(sealer.seal(new byte[1], PLACE), CHOICE_LENGTH)));
        }
        return choices;
    }

    @Test
    void shouldDrawANewSaltBeforeTooMuchIsSealedUnderOne() {
        Sealer sealer = KEY.sealer("log");
        byte[] first = sealer.seal(new byte[1], PLACE);
        sealer.spend(Sealer.BLOCKS_MAX - 2);
        byte[] last = sealer.seal(new byte[1], PLACE);
        byte[] next = sealer.seal(new byte[1], PLACE);
        assertThat(salt(last)).isEqualTo(salt(first));
        assertThat(salt(next)).isNotEqualTo(salt(first));
        for (byte[] sealed : List.of(first, last, next)) {
            assertThat(open(sealer, sealed)).isEqualTo(new byte[1]);
        }
    }

    private static byte[] salt(byte[] sealed) {
        return Arrays.copyOfRange(sealed, 5, 21);
    }

    @Test
    void shouldHashANameToTheSameOnEveryNodeAndToAnotherWithAnotherKey() {
        byte[] name = bytes("alice");
        byte[] hash = KEY.nameHash().of(name);
        assertThat(KEY.with(Aead.CHACHA).nameHash().of(name)).isEqualTo(hash);
        assertThat(KEY.nameHash().of(bytes("alicf"))).isNotEqualTo(hash);
        assertThat(DataKey.derive("another", "orders", Aead.AES).nameHash().of(name))
                .isNotEqualTo(hash);
    }

    @Test
    void shouldShowNobodyWhatTheKeyIs() {
        assertThat(KEY).hasToString("DataKey[AES]");
    }
}
