package io.stanchion.chaos.workload;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** NATS connections as a careful application sets them up: all servers in the list, in our order, and never giving up. */
public final class Connections {
    private static final Logger log = LoggerFactory.getLogger(Connections.class);
    private static final long RECONNECT_BUFFER_BYTES = 64L << 20;

    /** Not zero: the library draws a number below it, and with none to draw its reconnecting thread dies without a word. */
    private static final Duration LEAST_JITTER = Duration.ofMillis(1);

    private Connections() {}

    /** Connects to the first server that answers, and to the next ones when that server dies. */
    public static Connection open(String name, List<String> urls) throws IOException, InterruptedException {
        return Nats.connect(options(name, urls).build());
    }

    /** The options behind {@link #open}, for callers that want something more. */
    public static Options.Builder options(String name, List<String> urls) {
        return new Options.Builder()
                .connectionName(name)
                .servers(urls.toArray(String[]::new))
                .noRandomize()
                .connectionTimeout(Duration.ofSeconds(2))
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(50))
                .reconnectJitter(LEAST_JITTER)
                .reconnectBufferSize(RECONNECT_BUFFER_BYTES)
                .pingInterval(Duration.ofSeconds(2))
                .connectionListener(new QuietListener())
                .errorListener(new QuietListener());
    }

    /** Losing a server is what these workloads are for, so it is no news above debug level. */
    private static final class QuietListener implements ConnectionListener, ErrorListener {
        @Override
        @SuppressWarnings("deprecation") // the only method that an implementation must have; the newer ones call it
        public void connectionEvent(Connection connection, Events event) {
            log.debug("connection {}", event);
        }

        @Override
        public void errorOccurred(Connection connection, String error) {
            log.debug("server said: {}", error);
        }

        @Override
        public void exceptionOccurred(Connection connection, Exception problem) {
            log.debug("connection trouble", problem);
        }

        @Override
        public void slowConsumerDetected(Connection connection, Consumer consumer) {
            log.warn("a client of ours cannot follow: {} messages wait", consumer.getPendingMessageCount());
        }
    }
}
