package io.stanchion.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.node.config.StreamingConfig.ChannelLimits;
import io.stanchion.node.config.StreamingConfig.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From {@code store_limits} to the limits that are proposed, or to what its operator should correct. */
class StoreLimitsTest {
    private static final long HOUR = Duration.ofHours(1).toNanos();

    @TempDir
    private Path folder;

    @Test
    void shouldHaveTheDefaultsOfTheReference() throws Exception {
        Limits limits = limits("");
        assertThat(limits.channelsMax()).isEqualTo(100);
        assertThat(limits.subscriptionsMax()).isEqualTo(1_000);
        assertThat(limits.messagesMax()).isEqualTo(1_000_000);
        assertThat(limits.bytesMax()).isEqualTo(1_024_000_000);
        assertThat(limits.ageNanosMax()).isZero();
        assertThat(limits.inactivityNanosMax()).isZero();
        assertThat(limits.special()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"max_inactivity", "maxinactivity", "mi", "MAX_INACTIVITY"})
    void shouldKnowTheNamesOfMaxInactivity(String name) throws Exception {
        assertThat(limits(name + ": \"1h\"").inactivityNanosMax()).isEqualTo(HOUR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-mi", "--max_inactivity"})
    void shouldTakeMaxInactivityFromTheCommandLine(String flag) throws Exception {
        assertThat(load("", flag, "1h").streaming().limits().inactivityNanosMax())
                .isEqualTo(HOUR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"channels", "channels_limits", "channelslimits", "per_channel", "per_channel_limits"})
    void shouldKnowTheNamesOfTheBlockAndOfEachLimitInIt(String name) throws Exception {
        Limits limits = limits(name + """
                 {
                  a: { max_msgs: 1, max_bytes: 2KB, max_age: "3s", max_subs: 4, max_inactivity: "5s" }
                  b: { mm: 1, mb: 2KB, ma: "3s", msu: 4, mi: "5s" }
                  c: { maxcount: 1, MaxBytes: 2KB, maxAge: "3s", maxsubscriptions: 4, maxInactivity: "5s" }
                }""");
        assertThat(limits.special())
                .extracting(special -> List.of(
                        special.subscriptionsMax(),
                        special.messagesMax(),
                        special.bytesMax(),
                        special.ageNanosMax(),
                        special.inactivityNanosMax()))
                .hasSize(3)
                .containsOnly(List.of(4L, 1L, 2_048L, 3_000_000_000L, 5_000_000_000L));
    }

    @Test
    void shouldInheritFromTheNextWiderEntryThenFromWhatHoldsForAll() throws Exception {
        Limits limits = limits("""
                max_msgs: 10
                max_bytes: 1000
                max_subs: 7
                max_age: "1h"
                channels {
                  ">": { max_msgs: 9 }
                  "orders.>": { max_bytes: 900 }
                  "orders.*": { max_subs: 6 }
                  "*.new": { max_subs: 5 }
                  orders.new: { max_age: "0" }
                }""");
        assertThat(limits.special())
                .containsExactly(
                        new ChannelLimits("orders.new", 6, 9, 900, 0, 0),
                        new ChannelLimits("orders.*", 6, 9, 900, HOUR, 0),
                        new ChannelLimits("orders.>", 7, 9, 900, HOUR, 0),
                        new ChannelLimits("*.new", 5, 9, 1000, HOUR, 0),
                        new ChannelLimits(">", 7, 9, 1000, HOUR, 0));
    }

    @Test
    void shouldTakeZeroAndLessInAnEntryAsNoLimit() throws Exception {
        Limits limits = limits("max_msgs: 5, max_inactivity: \"1h\", channels {"
                + " a: { max_msgs: 0, mi: 0 }, b: { max_msgs: -1, mi: \"-1s\" } }");
        assertThat(limits.special()).allSatisfy(special -> {
            assertThat(special.messagesMax()).isZero();
            assertThat(special.inactivityNanosMax()).isZero();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            max_channels: -1      | max_channels: max channels limit cannot be negative (-1)
            max_subs: -2          | max_subs: max subscriptions limit cannot be negative (-2)
            max_msgs: -1          | max_msgs: max messages limit cannot be negative (-1)
            max_bytes: -1KB       | max_bytes: max bytes limit cannot be negative (-1024)
            max_age: "-1s"        | max_age: max age limit cannot be negative (-1s)
            max_inactivity: "-2m" | max_inactivity: max inactivity limit cannot be negative (-2m0s)
            max_age: -5           | max_age: max age limit cannot be negative (-5s)
            """)
    void shouldRefuseNegativeLimits(String text, String problem) {
        assertThatThrownBy(() -> limits(text))
                .hasMessageContaining("node.conf:2:")
                .hasMessageContaining("streaming.store_limits." + problem)
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasLineCount(1));
    }

    @ParameterizedTest
    @CsvSource({
        "-mc,-1,max channels limit cannot be negative (-1)",
        "-mm,-1,max messages limit cannot be negative (-1)",
        "-mi,-1s,max inactivity limit cannot be negative (-1s)"
    })
    void shouldRefuseNegativeLimitsOnTheCommandLine(String flag, String value, String problem) {
        assertThatThrownBy(() -> load("", flag + "=" + value)).hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "a*", "a.*b", "a>", ">.a", "a.>.b", "a/b", "**"})
    void shouldRefuseNamesThatNoChannelCanHave(String name) {
        assertThatThrownBy(() -> limits("channels { \"" + name + "\": { max_msgs: 1 } }"))
                .hasMessageContaining("node.conf:2:")
                .hasMessageContaining("streaming.store_limits.channels: invalid channel name \"" + name + '"');
    }

    @Test
    void shouldRefuseMoreNamesThanThereMayBeChannels() throws Exception {
        String text = "channels { a: { mm: 1 }, b: { mm: 1 }, \"c.*\": { mm: 1 }, \">\": { mm: 1 } }";
        assertThat(limits("max_channels: 2\n" + text).special()).hasSize(4);
        assertThat(limits("max_channels: 0\n" + text).special()).hasSize(4);
        assertThatThrownBy(() -> limits("max_channels: 1\n" + text))
                .hasMessageContaining("too many channels defined (2). The max channels limit is set to 1");
    }

    @Test
    void shouldRefuseWhatAnEntryCannotHave() {
        assertThatThrownBy(() -> limits("channels { a: { max_channels: 1 } }"))
                .hasMessageContaining("\"a\": unknown field \"max_channels\"; a channel can have max_subs");
        assertThatThrownBy(() -> limits("channels { a: 5 }"))
                .hasMessageContaining("\"a\": must be a block in { }, not 5 (a number)");
        assertThatThrownBy(() -> limits("channels: true")).hasMessageContaining("must be a block in { }, not true");
        assertThatThrownBy(() -> limits("channels { a: { max_msgs: many } }"))
                .hasMessageContaining("node.conf:2:")
                .hasMessageContaining("\"a\": max_msgs: must be a number");
    }

    @Test
    void shouldShowTheEntriesAsAFileWouldSayThem() throws Exception {
        NodeConfig config = load("streaming { store_limits { channels { \"a.*\" { ma: \"90s\", mm: 5 } } } }");
        assertThat(config.effective()).contains("    channels: {\"a.*\" {max_msgs: 5, max_age: \"1m30s\"}}");
        NodeConfig again = load(String.join("\n", config.effective()));
        assertThat(again.streaming().limits()).isEqualTo(config.streaming().limits());
    }

    @Test
    void shouldHideTheSettingForTests() throws Exception {
        assertThat(load("").streaming().ackWaitMillis()).isFalse();
        assertThat(load("streaming { ack_wait_millis: true }").streaming().ackWaitMillis())
                .isTrue();
        assertThat(load("").effective()).noneMatch(line -> line.contains("ack_wait"));
        assertThat(Flags.help(Program.STANCHION)).doesNotContain("ack_wait");
    }

    private Limits limits(String lines) throws IOException, InvalidConfigException {
        return load("streaming { store_limits {\n" + lines + "\n} }")
                .streaming()
                .limits();
    }

    private NodeConfig load(String text, String... flags) throws IOException, InvalidConfigException {
        Path file = folder.resolve("node.conf");
        Files.writeString(file, text);
        String[] line = new String[flags.length + 2];
        line[0] = "-c";
        line[1] = file.toString();
        System.arraycopy(flags, 0, line, 2, flags.length);
        return ((ConfigLoader.Run) new ConfigLoader(Program.STANCHION, name -> null).load(line)).config();
    }
}
