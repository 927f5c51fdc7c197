package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.raftsm.ratis.DurationMeter;
import org.junit.jupiter.api.Test;

class RecentMeanTest {
    private DurationMeter meter = new DurationMeter();
    private final RecentMean mean = new RecentMean(() -> meter);

    @Test
    void shouldForgetWhatWasLongAgo() {
        assertThat(mean.lookMicros()).isZero();
        add(10, 50_000);
        assertThat(mean.lookMicros()).isEqualTo(50_000);
        for (int i = 0; i < 4; i++) {
            add(10, 1_000);
            assertThat(mean.lookMicros()).isGreaterThan(1_000);
        }
        add(10, 1_000);
        assertThat(mean.lookMicros()).isEqualTo(1_000);
    }

    @Test
    void shouldKnowNothingWhereNothingWasDone() {
        add(1, 7_000);
        for (int i = 0; i < 10; i++) {
            assertThat(mean.lookMicros()).isZero();
        }
    }

    @Test
    void shouldBeginAnewWithAnotherMeter() {
        mean.lookMicros();
        add(10, 9_000);
        mean.lookMicros();
        meter = new DurationMeter();
        assertThat(mean.lookMicros()).isZero();
        add(2, 3_000);
        assertThat(mean.lookMicros()).isEqualTo(3_000);
    }

    private void add(int times, long micros) {
        for (int i = 0; i < times; i++) {
            meter.add(micros * 1_000);
        }
    }
}
