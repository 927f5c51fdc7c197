package io.stanchion.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the log is told of a client that is not understood; scripts look for nats-server's words. */
class NatsParserDetailsTest {
    static Stream<Arguments> violations() {
        return Stream.of(
                row("FOO\r\n", "Client parser ERROR, state=CONTROL_LINE, i=0: proto='\"FOO\\r\\n\"...'"),
                row(
                        "PING\r\nPIXX \t\"\r\n",
                        "Client parser ERROR, state=CONTROL_LINE, i=6: proto='\"PIXX \\t\\\"\\r\\n\"...'"),
                row("PUB a 2\r\nabcdef\r\n", "Client parser ERROR, state=PAYLOAD, i=11: proto='\"cdef\\r\\n\"...'"),
                row("PUB a 1001\r\n", "maximum payload exceeded: 1001 vs 1000"),
                row(
                        "SUB " + "a".repeat(200) + "\r\n",
                        "maximum control line exceeded: max_control_line 100, Buffer len 206 (snip: \""
                                + "a".repeat(128) + "\"...)"),
                row("PUB a x\r\n", "processPub Bad or Missing Size: \"a x\""),
                row("PUB a b c d\r\n", "processPub Parse Error: \"a b c d\""),
                row("HPUB a 9 2\r\n", "processHeaderPub Bad or Missing Size: \"a 9 2\""),
                row("SUB a b c d\r\n", "processSub Parse Error: \"a b c d\""),
                row("UNSUB 1 2 3\r\n", "processUnsub Parse Error: \"1 2 3\""),
                row("-ERR 'no'\r\n", "Client Error 'no'"));
    }

    private static Arguments row(String said, String details) {
        return Arguments.of(said, details);
    }

    @ParameterizedTest
    @MethodSource("violations")
    void shouldSayWhatWasNotUnderstood(String said, String details) {
        NatsParser parser = new NatsParser(UnpooledByteBufAllocator.DEFAULT, 100, 1000);
        parser.allowHeaders(true);

        assertThat(feed(parser, said)).containsExactly(details);
    }

    @ParameterizedTest
    @MethodSource("limits")
    void shouldObeyChangedLimits(String said, List<String> before, List<String> after) {
        NatsParser parser = new NatsParser(UnpooledByteBufAllocator.DEFAULT, 100, 1000);
        assertThat(feed(parser, said)).isEqualTo(before);

        NatsParser changed = new NatsParser(UnpooledByteBufAllocator.DEFAULT, 100, 1000);
        changed.limit(8, 1);
        assertThat(feed(changed, said)).isEqualTo(after);
    }

    static Stream<Arguments> limits() {
        return Stream.of(
                Arguments.of("PUB a 2\r\nhi\r\n", List.of(), List.of("maximum payload exceeded: 2 vs 1")),
                Arguments.of(
                        "SUB long.subject 1\r\n",
                        List.of(),
                        List.of("maximum control line exceeded: max_control_line 8, Buffer len 20"
                                + " (snip: \"long.subject 1\\r\\n\"...)")));
    }

    private static List<String> feed(NatsParser parser, String said) {
        Violations seen = new Violations();
        ByteBuf in = Unpooled.copiedBuffer(said, StandardCharsets.US_ASCII);
        parser.feed(in, seen);
        in.release();
        parser.close();
        return seen.details;
    }

    private static final class Violations implements NatsSink {
        final List<String> details = new ArrayList<>();

        @Override
        public void onConnect(byte[] json) {}

        @Override
        public void onInfo(byte[] json) {}

        @Override
        public void onPublish(PublishFrame frame) {}

        @Override
        public void onSub(byte[] subject, byte @Nullable [] queueGroup, byte[] sid) {}

        @Override
        public void onUnsub(byte[] sid, int max) {}

        @Override
        public void onPing() {}

        @Override
        public void onPong() {}

        @Override
        public void onViolation(Violation violation, String text) {
            details.add(text);
        }
    }
}
