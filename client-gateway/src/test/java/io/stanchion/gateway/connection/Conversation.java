package io.stanchion.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.wire.ServerInfo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Plays a {@link Transcript}, on sockets without a network and with a clock that is moved by hand. */
final class Conversation {
    private final Transcript transcript;
    private final Cutter cutter;
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final EmbeddedChannel[] sockets = new EmbeddedChannel[2];
    private final StringBuilder[] said = {new StringBuilder(), new StringBuilder()};
    private final Router router = new Router();
    private ConnectionLimits limits = ConnectionLimits.defaults();
    private int connectionsMax = 100;
    private long nanos;
    private GatewayState gateway;

    /** Decides where the network cuts what a client sends. */
    @FunctionalInterface
    interface Cutter {
        boolean isCutAfter(int byteNumber);
    }

    Conversation(Transcript transcript, Cutter cutter) {
        this.transcript = transcript;
        this.cutter = cutter;
    }

    void play() throws Exception {
        int sent = 0;
        for (Transcript.Step step : transcript.steps()) {
            switch (step.kind()) {
                case LIMITS -> readLimits(step.text());
                case CLIENT -> sent = send(step, sent);
                case SERVER -> expect(step);
                case TICK -> tick(Long.parseLong(step.text()));
                case CLOSED -> expectClosed(step.client());
            }
        }
        finish();
    }

    private int send(Transcript.Step step, int sentBefore) throws Exception {
        byte[] bytes = step.text().getBytes(StandardCharsets.ISO_8859_1);
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (i == bytes.length - 1 || cutter.isCutAfter(sentBefore + i)) {
                ByteBuf part = allocator.buffer().writeBytes(bytes, from, i + 1 - from);
                if (socket(step.client()).isOpen()) {
                    socket(step.client()).writeInbound(part);
                } else {
                    part.release();
                }
                listen();
                from = i + 1;
            }
        }
        return sentBefore + bytes.length;
    }

    private void expect(Transcript.Step step) throws Exception {
        socket(step.client());
        listen();
        StringBuilder heard = said[step.client()];
        assertThat(heard.toString()).as(transcript.name()).matches(Transcript.pattern(step.text()));
        heard.setLength(0);
    }

    private void expectClosed(int client) throws Exception {
        assertThat(said[client].toString()).as(transcript.name()).isEmpty();
        assertThat(socket(client).isOpen()).as(transcript.name() + " is open").isFalse();
    }

    private void tick(long millis) throws Exception {
        socket(0);
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        for (EmbeddedChannel socket : sockets) {
            if (socket != null) {
                socket.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
                socket.runScheduledPendingTasks();
            }
        }
        listen();
    }

    private void finish() {
        List<Integer> closed = transcript.steps().stream()
                .filter(step -> step.kind() == Transcript.Kind.CLOSED)
                .map(Transcript.Step::client)
                .toList();
        for (int client = 0; client < sockets.length; client++) {
            if (sockets[client] == null) {
                continue;
            }
            assertThat(said[client].toString()).as(transcript.name()).isEmpty();
            assertThat(sockets[client].isOpen())
                    .as(transcript.name() + " is open")
                    .isEqualTo(!closed.contains(client));
            sockets[client].finishAndReleaseAll();
        }
        assertThat(gateway.metrics().connections()).isZero();
        assertThat(gateway.metrics().subscriptions()).isZero();
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
                .as(transcript.name() + " leaks")
                .isZero();
    }

    private void listen() {
        for (int client = 0; client < sockets.length; client++) {
            if (sockets[client] != null) {
                sockets[client].runPendingTasks();
                for (ByteBuf out = sockets[client].readOutbound(); out != null; out = sockets[client].readOutbound()) {
                    said[client].append(out.toString(StandardCharsets.ISO_8859_1));
                    out.release();
                }
            }
        }
    }

    private EmbeddedChannel socket(int client) throws Exception {
        if (sockets[client] == null) {
            if (client > 0) {
                socket(0);
            } else {
                gateway = newGateway();
            }
            EmbeddedChannel socket = new EmbeddedChannel(false, false, new NatsSocket(gateway));
            socket.config().setAllocator(allocator);
            sockets[client] = socket;
            socket.register();
            socket.freezeTime();
            listen();
            int end = said[client].indexOf("\r\n") + 2;
            assertThat(said[client].substring(0, end)).startsWith("INFO {").endsWith("} \r\n");
            said[client].delete(0, end);
        }
        return sockets[client];
    }

    private GatewayState newGateway() {
        ServerInfo info = new ServerInfo(
                "NTEST", "n1", "2.10.29", "0.0.0.0", 4222, limits.payloadMaxBytes(), "", List.of(), false);
        return new GatewayState(router, info, limits, connectionsMax, 0, () -> false, () -> true, () -> nanos);
    }

    private void readLimits(String text) {
        for (String setting : text.split(" ", -1)) {
            String[] parts = setting.split("=", -1);
            int value = Integer.parseInt(parts[1]);
            switch (parts[0]) {
                case "payload" -> limits = limits.withPayloadMaxBytes(value);
                case "control" -> limits = limits.withControlLineMaxBytes(value);
                case "subscriptions" -> limits = limits.withSubscriptionsMax(value, 0);
                case "tokens" -> limits = limits.withSubscriptionsMax(0, value);
                case "ping" -> limits = limits.withPings(value, 2);
                case "connections" -> connectionsMax = value;
                default -> throw new IllegalArgumentException(setting);
            }
        }
    }
}
