package io.stanchion.node.it;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.streaming.NatsStreaming;
import io.nats.streaming.Options;
import io.nats.streaming.StreamingConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** Opens sessions of the public streaming client on a cluster and closes them all in the end. Used by one test thread. */
final class StanClients implements AutoCloseable {
    private final TestCluster cluster;
    private final List<StreamingConnection> sessions = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();

    StanClients(TestCluster cluster) {
        this.cluster = cluster;
    }

    /** A session through the given node; when that one dies the library goes on to the others. */
    StreamingConnection open(String clientId, TestNode through) throws IOException, InterruptedException {
        return open(clientId, through, options -> options);
    }

    StreamingConnection open(String clientId, TestNode through, UnaryOperator<Options.Builder> more)
            throws IOException, InterruptedException {
        Connection nats = nats(clientId, through);
        Options.Builder options = new Options.Builder().natsConn(nats).connectWait(Duration.ofSeconds(10));
        StreamingConnection session = NatsStreaming.connect(
                cluster.clusterId(), clientId, more.apply(options).build());
        sessions.add(session);
        return session;
    }

    /** A core NATS connection through the given node. */
    Connection nats(String name, TestNode through) throws IOException, InterruptedException {
        Connection nats = Nats.connect(new io.nats.client.Options.Builder()
                .connectionName(name)
                .servers(cluster.urlsFrom(through).toArray(String[]::new))
                .noRandomize()
                .connectionTimeout(Duration.ofSeconds(5))
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(50))
                .reconnectJitter(Duration.ofMillis(1)) // none at all ends the reconnecting thread of the library
                .reconnectBufferSize(64L << 20)
                .errorListener(new io.nats.client.ErrorListener() {})
                .build());
        connections.add(nats);
        return nats;
    }

    @Override
    public void close() throws InterruptedException {
        for (StreamingConnection session : sessions) {
            try {
                session.close();
            } catch (IOException | TimeoutException | IllegalStateException e) {
                // closed by the test, or its connection is gone
            }
        }
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
