package io.stanchion.gateway.external;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener.Events;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.stanchion.gateway.core.Subject;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to a connection, for the log and for those who must know. Called on threads of the NATS client. */
final class ConnectionEvents implements ErrorListener {
    private static final Logger log = LoggerFactory.getLogger(ConnectionEvents.class);

    private static final Duration FLUSH_PATIENCE = Duration.ofSeconds(10);

    private final String name;
    private final java.util.function.Consumer<String> onClosed;
    private final AtomicLong unsent = new AtomicLong();
    /** What the server said last. */
    private volatile String refusal = "";

    private volatile String lastProblem = "";
    private volatile long returnedNanos = System.nanoTime() - ExternalNats.REJOIN_NANOS;
    private volatile boolean closing;
    private volatile boolean wasConnected;
    private volatile boolean away;

    ConnectionEvents(String name, java.util.function.Consumer<String> onClosed) {
        this.name = name;
        this.onClosed = onClosed;
    }

    /** Of the connection, for monitoring. */
    String name() {
        return name;
    }

    void expectClose() {
        closing = true;
    }

    /** Whether the server has forgotten what we listen to, as far as is known. */
    boolean isAway() {
        return away;
    }

    /** Since the connection was last there again; long ago if it was never away. */
    long nanosSinceReturn() {
        return System.nanoTime() - returnedNanos;
    }

    /** What the server or the network said last is nearer to the cause than what the client library makes of it. */
    String lastProblemOr(@Nullable String otherwise) {
        if (!refusal.isEmpty()) {
            return refusal;
        }
        return lastProblem.isEmpty() ? String.valueOf(otherwise) : lastProblem;
    }

    /** A storm of them logs its first, and then every thousandth. */
    void onUnsent(Subject subject, Exception reason) {
        long count = unsent.getAndIncrement();
        if (count % 1_000 == 0) {
            log.warn("STREAM: a message on {} could not be sent, {} so far: {}", subject, count + 1, reason.toString());
        }
    }

    void onEvent(Connection connection, Events event) {
        switch (event) {
            case CONNECTED -> wasConnected = true;
            case DISCONNECTED -> onDisconnected();
            case RECONNECTED -> onReconnected(connection);
            case RESUBSCRIBED -> onResubscribed(connection);
            case CLOSED -> onClosed();
            default -> log.debug("STREAM: connection \"{}\": {}", name, event);
        }
    }

    private void onDisconnected() {
        boolean known = away; // every attempt to come back that fails is told, too
        away = true;
        if (!known && wasConnected && !closing) {
            log.warn("STREAM: connection \"{}\" has been disconnected {}", name, lastProblem);
        }
    }

    private void onReconnected(Connection connection) {
        returnedNanos = System.nanoTime();
        unsent.set(0);
        lastProblem = "";
        refusal = "";
        String url = connection.getConnectedUrl();
        log.info(
                "STREAM: connection \"{}\" reconnected to NATS Server at \"{}\"",
                name,
                url == null ? "" : ExternalNatsConfig.withoutLogin(url));
    }

    /** Only now the server knows again what we listen to; whoever asks earlier is told that nobody is there. */
    private void onResubscribed(Connection connection) {
        try {
            connection.flush(FLUSH_PATIENCE);
            away = false;
            log.debug("STREAM: connection \"{}\" serves again", name);
        } catch (TimeoutException | IllegalStateException e) {
            log.debug("STREAM: connection \"{}\" broke again at once", name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onClosed() {
        log.debug("STREAM: connection \"{}\" has been closed", name);
        if (wasConnected && !closing) {
            onClosed.accept(lastProblemOr("closed by the client library"));
        }
    }

    @Override
    public void errorOccurred(Connection connection, String error) {
        refusal = error;
        if (wasConnected && !closing) {
            log.warn("STREAM: the NATS server says to connection \"{}\": {}", name, error);
        }
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception exception) {
        lastProblem = Reason.of(exception);
        log.debug("STREAM: connection \"{}\"", name, exception);
    }

    @Override
    public void slowConsumerDetected(Connection connection, Consumer consumer) {
        log.error("STREAM: requests come faster than they can be stored, connection \"{}\" has to drop some", name);
    }
}
