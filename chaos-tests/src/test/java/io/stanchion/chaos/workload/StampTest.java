package io.stanchion.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StampTest {
    @Test
    void shouldComeBackFromAPayloadOfAnySize() {
        Stamp stamp = new Stamp(3, 1L << 40, "orders");

        for (int bytes = 0; bytes < 200; bytes++) {
            assertThat(Stamp.tryRead(stamp.toPayload(bytes))).contains(stamp);
        }
    }

    @Test
    void shouldNotComeBackFromAPayloadWithOneBitFlipped() {
        byte[] payload = new Stamp(3, 17, "orders").toPayload(64);

        for (int bit = 0; bit < payload.length * Byte.SIZE; bit++) {
            payload[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertThat(Stamp.tryRead(payload)).isEmpty();
            payload[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
        }
    }
}
