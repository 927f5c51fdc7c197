package io.stanchion.chaos.workload;

import io.nats.client.Connection;
import io.nats.streaming.ConnectionLostHandler;
import io.nats.streaming.NatsStreaming;
import io.nats.streaming.Options;
import io.nats.streaming.StreamingConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A streaming session and the NATS connection under it, opened and closed together. */
public final class StreamingSession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StreamingSession.class);

    private final Connection nats;
    private final StreamingConnection streaming;

    private StreamingSession(Connection nats, StreamingConnection streaming) {
        this.nats = nats;
        this.streaming = streaming;
    }

    /** A session with the library's own defaults for pings, and the given patience for publish acknowledgements. */
    public static StreamingSession open(String clusterId, String clientId, List<String> urls, Duration pubAckWait)
            throws IOException, InterruptedException {
        return open(
                clusterId,
                clientId,
                urls,
                pubAckWait,
                (connection, cause) -> log.warn("session {} lost", clientId, cause));
    }

    public static StreamingSession open(
            String clusterId, String clientId, List<String> urls, Duration pubAckWait, ConnectionLostHandler lost)
            throws IOException, InterruptedException {
        Connection nats = Connections.open(clientId, urls);
        try {
            Options options = new Options.Builder()
                    .natsConn(nats)
                    .pubAckWait(pubAckWait)
                    .connectWait(Duration.ofSeconds(10))
                    .connectionLostHandler(lost)
                    .build();
            return new StreamingSession(nats, NatsStreaming.connect(clusterId, clientId, options));
        } catch (IOException | InterruptedException | RuntimeException e) {
            nats.close();
            throw e;
        }
    }

    public StreamingConnection streaming() {
        return streaming;
    }

    public Connection nats() {
        return nats;
    }

    /** Takes leave of the server if it still listens, and drops the connection in any case. */
    @Override
    public void close() throws InterruptedException {
        try {
            streaming.close();
        } catch (IOException | TimeoutException | RuntimeException e) {
            log.debug("session did not close cleanly", e);
        } finally {
            nats.close();
        }
    }

    /** Drops the connection without a word, as a crash of the client would. */
    public void abandon() throws InterruptedException {
        nats.close();
    }
}
