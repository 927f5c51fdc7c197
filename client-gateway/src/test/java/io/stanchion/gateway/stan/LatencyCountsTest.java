package io.stanchion.gateway.stan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatencyCountsTest {
    private final LatencyCounts counts = new LatencyCounts();

    @Test
    void shouldCountEachUnderTheFirstBoundThatItDoesNotExceed() {
        counts.add(250_000);
        counts.add(250_999);
        counts.add(251_000);
        counts.add(3_000_000_000L);
        counts.add(60_000_000_000L);

        double[] bounds = LatencyCounts.boundsSeconds();
        assertThat(bounds[0]).isEqualTo(0.00025);
        assertThat(bounds[bounds.length - 1]).isInfinite();
        assertThat(counts.counts()).hasSameSizeAs(bounds);
        assertThat(counts.counts()).startsWith(2, 1).endsWith(1);
        assertThat(counts.counts()[13]).isEqualTo(1);
        assertThat(bounds[13]).isEqualTo(5);
        assertThat(counts.totalSeconds()).isEqualTo(63.000751);
    }
}
