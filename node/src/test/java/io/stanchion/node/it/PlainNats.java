package io.stanchion.node.it;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.streaming.NatsStreaming;
import io.nats.streaming.StreamingConnection;
import io.stanchion.gateway.connection.ConnectionLimits;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.net.GatewayConfig;
import io.stanchion.gateway.net.GatewayServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A NATS server that has never heard of streaming, and its clients. Used by one test thread. */
final class PlainNats implements AutoCloseable {
    private final int port = TestPorts.free().client();
    private final int payloadMax;
    private final List<StreamingConnection> sessions = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private @Nullable GatewayServer server;

    PlainNats() throws IOException {
        this(ConnectionLimits.defaults().payloadMaxBytes());
    }

    PlainNats(int payloadMax) throws IOException {
        this.payloadMax = payloadMax;
        start();
    }

    void start() throws IOException {
        ConnectionLimits limits = ConnectionLimits.defaults().withPayloadMaxBytes(payloadMax);
        server = GatewayServer.start(
                GatewayConfig.defaults().withAddress("127.0.0.1", port).withLimits(limits),
                new Router(),
                () -> false,
                () -> true);
    }

    void stop() {
        GatewayServer stopped = server;
        server = null;
        if (stopped != null) {
            stopped.close();
        }
    }

    int port() {
        return port;
    }

    String url() {
        return "nats://127.0.0.1:" + port;
    }

    /** A line for the streaming block of a node. */
    String setting() {
        return "nats_server_url: \"" + url() + "\"";
    }

    Connection connect() throws IOException, InterruptedException {
        Connection connection = Nats.connect(new Options.Builder()
                .server(url())
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(100))
                .build());
        connections.add(connection);
        return connection;
    }

    /** A session of the public streaming client. */
    StreamingConnection open(String clusterId, String clientId) throws IOException, InterruptedException {
        return open(clusterId, clientId, connect());
    }

    StreamingConnection open(String clusterId, String clientId, Connection through)
            throws IOException, InterruptedException {
        StreamingConnection session = NatsStreaming.connect(
                clusterId,
                clientId,
                new io.nats.streaming.Options.Builder()
                        .natsConn(through)
                        .connectWait(Duration.ofSeconds(10))
                        .pubAckWait(Duration.ofSeconds(2))
                        .build());
        sessions.add(session);
        return session;
    }

    @Override
    public void close() throws InterruptedException {
        for (StreamingConnection session : sessions) {
            try {
                session.close();
            } catch (IOException | TimeoutException | IllegalStateException e) {
                // its server may be gone; the connection below is closed anyway
            }
        }
        for (Connection connection : connections) {
            connection.close();
        }
        stop();
    }
}
