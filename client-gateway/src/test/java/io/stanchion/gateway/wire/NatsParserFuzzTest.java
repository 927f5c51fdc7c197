package io.stanchion.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NatsParserFuzzTest {
    private static final String[] PIECES = {
        "PUB ",
        "pub",
        "HPUB ",
        "SUB ",
        "UNSUB ",
        "PING",
        "PONG",
        "+OK",
        "-ERR ",
        "CONNECT ",
        "INFO ",
        "{}",
        "a",
        "a.b",
        "1",
        "2",
        "12",
        "999999999",
        "0000000001",
        " ",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "\r\n",
        "\r\n",
        "hi",
        "NATS/1.0\r\n\r\n",
        "\0"
    };
    private static final int CONTROL_LINE_MAX = 256;
    private static final int PAYLOAD_MAX = 1024;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final CountingSink sink = new CountingSink();

    @Test
    void shouldNeitherThrowNorLeakNorHoardWhateverComes() {
        for (int round = 0; round < 20_000; round++) {
            NatsParser parser = new NatsParser(allocator, CONTROL_LINE_MAX, PAYLOAD_MAX);
            parser.allowHeaders(random.nextBoolean());
            sink.violations = 0;
            for (int part = 0; part < 1 + random.nextInt(8); part++) {
                feed(parser, random.nextBoolean() ? randomBytes() : randomPieces());
                assertThat(parser.carriedBytes())
                        .as("repeat with -Dseed=" + seed)
                        .isLessThan(2 * (PAYLOAD_MAX + CONTROL_LINE_MAX) + 2048);
            }
            assertThat(sink.violations).as("repeat with -Dseed=" + seed).isLessThanOrEqualTo(1);
            parser.close();
            assertThat(allocator.metric().usedDirectMemory())
                    .as("repeat with -Dseed=" + seed)
                    .isZero();
        }
        assertThat(sink.calls).isGreaterThan(1000);
    }

    @Test
    void shouldReadTheSameHoweverItIsCut() {
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = randomPieces();
            String whole = record(bytes, bytes.length);
            assertThat(record(bytes, 1 + random.nextInt(7)))
                    .as("repeat with -Dseed=" + seed)
                    .isEqualTo(whole);
            assertThat(record(bytes, 1)).as("repeat with -Dseed=" + seed).isEqualTo(whole);
        }
    }

    @Test
    void shouldNotReserveWhatIsOnlyAnnounced() {
        NatsParser parser = new NatsParser(allocator, CONTROL_LINE_MAX, 1 << 30);
        feed(parser, "PUB a 999999999\r\nabc".getBytes(StandardCharsets.US_ASCII));
        assertThat(allocator.metric().usedDirectMemory()).isLessThan(1024);
        parser.close();
    }

    /** A violation may be seen before what follows it has come, so it ends the record. */
    private String record(byte[] bytes, int step) {
        NatsParser parser = new NatsParser(allocator, CONTROL_LINE_MAX, PAYLOAD_MAX);
        parser.allowHeaders(true);
        CountingSink recorder = new CountingSink();
        for (int from = 0; from < bytes.length; from += step) {
            ByteBuf in = allocator.buffer().writeBytes(bytes, from, Math.min(step, bytes.length - from));
            parser.feed(in, recorder);
            in.release();
        }
        parser.close();
        return recorder.record.toString();
    }

    private void feed(NatsParser parser, byte[] bytes) {
        ByteBuf in = allocator.buffer().writeBytes(bytes);
        parser.feed(in, sink);
        assertThat(in.refCnt()).isEqualTo(1);
        in.release();
    }

    private byte[] randomBytes() {
        byte[] bytes = new byte[1 + random.nextInt(600)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] randomPieces() {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(40);
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(6)) {
                case 0 -> text.append("PUB a.b 2\r\nhi\r\n");
                case 1 -> text.append("HPUB a r 12 14\r\nNATS/1.0\r\n\r\nhi\r\n");
                case 2 -> text.append("SUB a q 1\r\n");
                case 3 -> text.append("PING\r\n");
                default -> text.append(random.nextInt(4) > 0 ? "" : PIECES[random.nextInt(PIECES.length)]);
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static final class CountingSink implements NatsSink {
        private final StringBuilder record = new StringBuilder();
        private int calls;
        private int violations;

        @Override
        public void onConnect(byte[] json) {
            note("connect", json);
        }

        @Override
        public void onInfo(byte[] json) {
            note("info", json);
        }

        @Override
        public void onPublish(PublishFrame frame) {
            ByteBuf subject = frame.source().slice(frame.subjectStart(), frame.subjectLength());
            ByteBuf reply = frame.source().slice(frame.replyStart(), frame.replyLength());
            note("publish " + frame.headerBytes(), ascii(subject), ascii(reply), ascii(frame.content()));
        }

        @Override
        public void onSub(byte[] subject, byte @Nullable [] queueGroup, byte[] sid) {
            note("sub", subject, queueGroup == null ? new byte[0] : queueGroup, sid);
        }

        @Override
        public void onUnsub(byte[] sid, int max) {
            note("unsub " + max, sid);
        }

        @Override
        public void onPing() {
            note("ping");
        }

        @Override
        public void onPong() {
            note("pong");
        }

        @Override
        public void onViolation(Violation violation, String details) {
            violations++;
            note(violation.name());
        }

        private void note(String what, byte[]... arguments) {
            assertThat(violations).isLessThanOrEqualTo(1);
            calls++;
            if (record.length() < 1 << 16) {
                record.append(what);
                for (byte[] argument : arguments) {
                    record.append(' ').append(new String(argument, StandardCharsets.ISO_8859_1));
                }
                record.append('\n');
            }
        }

        private static byte[] ascii(ByteBuf bytes) {
            return bytes.toString(StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
        }
    }
}
