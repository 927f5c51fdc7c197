package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.node.config.StreamingConfig.ChannelLimits;
import io.stanchion.node.config.StreamingConfig.Limits;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StartLinesTest {
    @Test
    void shouldMarkLimitsThatNobodyHasSet() {
        assertThat(StartLines.limits(new Limits(100, 0, 1_000_000, 1_024_000_000, 0, 0, List.of())))
                .containsExactly(
                        "---------------- Store Limits ----------------",
                        "Channels:                  100 *",
                        "--------- Channels Limits --------------------",
                        "  Subscriptions:     unlimited",
                        "  Messages     :       1000000 *",
                        "  Bytes        :     976.56 MB *",
                        "  Age          :     unlimited *",
                        "  Inactivity   :     unlimited *",
                        "----------------------------------------------");
    }

    @Test
    void shouldListWhatIsDifferentForSingleChannels() {
        long hour = TimeUnit.HOURS.toNanos(1);
        ChannelLimits orders = new ChannelLimits("orders.*", 10, 5, 512, hour, 0);
        assertThat(StartLines.limits(new Limits(100, 10, 5, 2_048, 0, 0, List.of(orders))))
                .containsSequence(
                        "orders.*",
                        " |-> Bytes                  512 B",
                        " |-> Age                   1h0m0s",
                        "----------------------------------------------");
    }
}
