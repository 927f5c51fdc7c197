package io.stanchion.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TornWriteTest {
    private static final long SEED = 5;
    private static final int PREALLOCATED = 2_000;

    @TempDir
    private Path folder;

    /** What was fsynced has been promised: not a byte of it may change. */
    @Test
    void shouldTouchNothingBeforeTheEndOfTheLastWholeEntry() throws IOException {
        byte[] whole = segment(100, 300, 5);
        Path file = Files.write(folder.resolve("log_inprogress_0"), Arrays.copyOf(whole, PREALLOCATED));

        int torn = TornWrite.appendHalfAnEntry(file, new Random(SEED));

        byte[] after = Files.readAllBytes(file);
        assertThat(Arrays.copyOf(after, whole.length)).isEqualTo(whole);
        assertThat(torn).isBetween(1, 100);
        assertThat(Arrays.copyOfRange(after, whole.length, whole.length + torn))
                .isEqualTo(Arrays.copyOfRange(whole, 8, 8 + torn));
        assertThat(Arrays.copyOfRange(after, whole.length + torn, PREALLOCATED)).containsOnly(0);
    }

    @Test
    void shouldLeaveALogWithoutEntriesAlone() throws IOException {
        byte[] empty = Arrays.copyOf(segment(), PREALLOCATED);
        Path file = Files.write(folder.resolve("log_inprogress_0"), empty);

        assertThat(TornWrite.appendHalfAnEntry(file, new Random(SEED))).isZero();

        assertThat(Files.readAllBytes(file)).isEqualTo(empty);
    }

    /** Entries of these lengths, each with its length before and a checksum behind, whose last byte is 0 as it may well be. */
    private static byte[] segment(int... lengths) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {'R', 'a', 'f', 't', 'L', 'o', 'g', '1'});
        for (int length : lengths) {
            if (length >= 0x80) {
                out.write((length & 0x7f) | 0x80);
            }
            out.write(length >= 0x80 ? length >> 7 : length);
            for (int i = 0; i < length; i++) {
                out.write(i | 1);
            }
            out.writeBytes(new byte[] {1, 2, 3, 0});
        }
        return out.toByteArray();
    }
}
