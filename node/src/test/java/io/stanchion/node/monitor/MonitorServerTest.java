package io.stanchion.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.gateway.connection.ConnectionDirectory;
import io.stanchion.gateway.connection.ConnectionLimits;
import io.stanchion.gateway.connection.GatewayMetrics;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.raftsm.model.ReplicaView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The door of monitoring; what the pages say is tested with a running node. */
class MonitorServerTest {
    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void shouldAnswerWhenOthersDoNotFinishTheirRequests() throws Exception {
        MonitorServer server = start(HOST, -1);
        for (int i = 0; i < 20; i++) {
            Socket half = new Socket(InetAddress.getLoopbackAddress(), server.port());
            opened.add(half);
            half.getOutputStream().write("GET /healthz HTT".getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(healthStatus(server)).isEqualTo(200);
    }

    @Test
    void shouldSayWhyItCannotListen() throws Exception {
        int taken = start(HOST, -1).port();
        assertThatThrownBy(() -> start(HOST, taken))
                .hasMessage("cannot listen for monitoring on 127.0.0.1:" + taken
                        + ": the port is taken; stop what listens there, or choose another with http_port");
        assertThatThrownBy(() -> start("192.0.2.1", taken))
                .hasMessageEndingWith(": this is not an address of this machine; correct http");
        assertThatThrownBy(() -> start("nobody.invalid", taken)).hasMessageEndingWith(": unknown host; correct http");
    }

    /** A request that waits behind half ones may be cut off together with them: who asks again is answered. */
    private static int healthStatus(MonitorServer server) throws InterruptedException {
        URI uri = URI.create("http://" + HOST + ":" + server.port() + "/healthz");
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return HttpClient.newHttpClient()
                        .send(request, BodyHandlers.discarding())
                        .statusCode();
            } catch (IOException e) {
                assertThat(System.nanoTime() - deadline).as(e.toString()).isNegative();
            }
        }
    }

    private MonitorServer start(String host, int port) throws IOException {
        NodeFacts facts = new NodeFacts(
                new NodeFacts.Names("N", "N", "S", "orders", "a"),
                "0",
                "2",
                new NodeFacts.Address(host, 4222),
                "FILE",
                false,
                Instant.EPOCH);
        MonitorServer server =
                MonitorServer.start(new NodeFacts.Address(host, port), facts, new Healthy(), Clock.systemUTC());
        opened.add(server);
        return server;
    }

    /** A node without clients or messages that is as it should be. */
    private static final class Healthy implements NodeView {
        private final StanCounters streaming = new StanCounters();
        String disagreement = "";

        @Override
        public ComparisonFacts comparison() {
            return new ComparisonFacts(1, 0, 5, 0, "1.5.abc", disagreement);
        }

        @Override
        public ConnectionLimits limits() {
            return ConnectionLimits.defaults();
        }

        @Override
        public int connectionsMax() {
            return 0;
        }

        @Override
        public String unfitReason() {
            return "";
        }

        @Override
        public String role() {
            return "Leader";
        }

        @Override
        public String leader() {
            return "a";
        }

        @Override
        public long appliedIndex() {
            return 1;
        }

        @Override
        public long entriesBehind() {
            return 0;
        }

        @Override
        public long parkedBytes() {
            return 0;
        }

        @Override
        public long diskFreeBytes() {
            return 1L << 40;
        }

        @Override
        public boolean isDiskShort() {
            return false;
        }

        @Override
        public String quarantineReason() {
            return "";
        }

        @Override
        public long leaderChanges() {
            return 0;
        }

        @Override
        public long handOvers() {
            return 0;
        }

        @Override
        public long raftLogBytes() {
            return 0;
        }

        @Override
        public int connectedPeers() {
            return 0;
        }

        @Override
        public List<String> clientUrls() {
            return List.of();
        }

        @Override
        public ReplicaView replica() {
            throw new UnsupportedOperationException("health has nothing to do with what is stored");
        }

        @Override
        public ConnectionDirectory connections() {
            throw new UnsupportedOperationException("health has nothing to do with clients");
        }

        @Override
        public List<PeerFacts> peers() {
            return List.of();
        }

        @Override
        public GatewayMetrics gateway() {
            throw new UnsupportedOperationException("health has nothing to do with clients");
        }

        @Override
        public StanCounters streaming() {
            return streaming;
        }
    }
}
