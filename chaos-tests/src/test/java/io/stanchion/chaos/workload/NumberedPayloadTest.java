package io.stanchion.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumberedPayloadTest {
    @Test
    void shouldCarryItsNumberAndBeRepeatable() {
        byte[] payload = new NumberedPayload(128, 7).of(123_456);

        assertThat(payload).hasSize(128).isEqualTo(new NumberedPayload(128, 7).of(123_456));
        assertThat(NumberedPayload.numberOf(payload)).isEqualTo(123_456);
        assertThat(NumberedPayload.numberOf(new byte[3])).isEqualTo(-1);
    }
}
