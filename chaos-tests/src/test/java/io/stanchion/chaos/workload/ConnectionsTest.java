package io.stanchion.chaos.workload;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int REFUSALS = 10;

    /** Of a client that has given up without a word, nothing is learnt about the server. */
    @Test
    void shouldComeBackAfterEveryServerHasRefusedSeveralTimes() throws Exception {
        AtomicInteger disconnects = new AtomicInteger();
        ServerSocket socket = listen(0);
        int port = socket.getLocalPort();
        CompletableFuture<Socket> life = CompletableFuture.supplyAsync(() -> greet(socket));
        try (Connection connection = Nats.connect(Connections.options("test", List.of("nats://127.0.0.1:" + port))
                .connectionTimeout(LIMIT)
                .connectionListener((source, event) -> disconnects.incrementAndGet())
                .build())) {
            socket.close();
            life.get().close();
            await().atMost(LIMIT).until(() -> disconnects.get() > REFUSALS);

            try (ServerSocket again = listen(port)) {
                CompletableFuture<Socket> another = CompletableFuture.supplyAsync(() -> greet(again));
                await().atMost(LIMIT).until(another::isDone);
                another.get().close();
            }
            assertThat(connection.getStatus()).isNotEqualTo(Connection.Status.CLOSED);
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** What a NATS server says first, and its answer to the client's first PING. */
    private static Socket greet(ServerSocket socket) {
        try {
            Socket client = socket.accept();
            client.getOutputStream()
                    .write("INFO {\"server_id\":\"S\",\"version\":\"2.0.0\",\"max_payload\":1024}\r\n"
                            .getBytes(US_ASCII));
            BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
            for (String line = in.readLine(); line != null && !line.startsWith("PING"); ) {
                line = in.readLine();
            }
            client.getOutputStream().write("PONG\r\n".getBytes(US_ASCII));
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
