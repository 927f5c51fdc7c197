package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.node.config.StreamingConfig.ChannelLimits;
import io.stanchion.node.config.StreamingConfig.Limits;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Compared with what nats-streaming-server 0.25.6 prints. */
class LimitLinesTest {
    private static final long BYTES = 1_024_000_000;

    @Test
    void shouldMarkLimitsThatNobodyHasSet() {
        assertThat(LimitLines.of(new Limits(100, 0, 1_000_000, BYTES, 0, 0, List.of())))
                .containsExactly(
                        "---------- Store Limits ----------",
                        "Channels:                  100 *",
                        "--------- Channels Limits --------",
                        "  Subscriptions:     unlimited",
                        "  Messages     :       1000000 *",
                        "  Bytes        :     976.56 MB *",
                        "  Age          :     unlimited *",
                        "  Inactivity   :     unlimited *",
                        "----------------------------------");
    }

    @Test
    void shouldIndentChannelsBelowWiderPatternsAndShowOnlyWhatDiffersFromThese() {
        long twoHours = TimeUnit.HOURS.toNanos(2);
        List<ChannelLimits> special = List.of(
                new ChannelLimits("foo.bar.baz", 3, 300, 0, twoHours, 0),
                new ChannelLimits("foo.bar.>", 1_000, 300, 0, twoHours, 0),
                new ChannelLimits("foo.*", 1_000, 400, BYTES, twoHours, 0),
                new ChannelLimits("foo.>", 1_000, 500, BYTES, twoHours, 0),
                new ChannelLimits("bar", 1_000, 1_000, BYTES, 0, 0),
                new ChannelLimits("a.b", 1_000, 500, BYTES, 0, TimeUnit.MINUTES.toNanos(90)),
                new ChannelLimits("a.*", 1_000, 1_000, BYTES, 0, TimeUnit.MINUTES.toNanos(90)));

        assertThat(LimitLines.of(new Limits(10, 1_000, 1_000, BYTES, 0, 0, special)))
                .containsExactly(
                        "---------- Store Limits ----------",
                        "Channels:                   10",
                        "--------- Channels Limits --------",
                        "  Subscriptions:          1000 *",
                        "  Messages     :          1000",
                        "  Bytes        :     976.56 MB *",
                        "  Age          :     unlimited *",
                        "  Inactivity   :     unlimited *",
                        "-------- List of Channels ---------",
                        "a.*",
                        " |-> Inactivity             1h30m0s",
                        " a.b",
                        "  |-> Messages                  500",
                        "bar",
                        "foo.>",
                        " |-> Messages                   500",
                        " |-> Age                     2h0m0s",
                        " foo.*",
                        "  |-> Messages                  400",
                        " foo.bar.>",
                        "  |-> Messages                  300",
                        "  |-> Bytes               unlimited",
                        "  foo.bar.baz",
                        "   |-> Subscriptions              3",
                        "-----------------------------------");
    }
}
