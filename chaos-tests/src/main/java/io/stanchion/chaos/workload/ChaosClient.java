package io.stanchion.chaos.workload;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Nats;
import io.nats.streaming.NatsStreaming;
import io.nats.streaming.Options;
import io.nats.streaming.StreamingConnection;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.HistoryWriter;
import io.stanchion.chaos.history.Phase;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One streaming session of the workload with its NATS connection, both in the history. */
final class ChaosClient implements AutoCloseable {
    private final ClientPlan plan;
    private final String clientId;
    private final HistoryWriter history;
    private final Runnable onLost;
    private @Nullable Connection nats;
    private @Nullable StreamingConnection streaming;
    private volatile boolean abandoned;

    /** @param onLost called on a thread of the library when it gives the session up */
    ChaosClient(ClientPlan plan, String clientId, HistoryWriter history, Runnable onLost) {
        this.plan = plan;
        this.clientId = clientId;
        this.history = history;
        this.onLost = onLost;
    }

    boolean tryOpen() throws InterruptedException {
        long operation = history.nextOperation();
        history.append(history.event(Phase.INVOKE, Action.CONNECT, operation).on("", clientId));
        try {
            // The library ends a request that it was given no time for, as that for a subscription's end, between one
            // and two
            // of its clean-up intervals after it was made, whatever the caller wants to wait.
            nats = Nats.connect(Connections.options(clientId, plan.urls())
                    .requestCleanupInterval(plan.patience())
                    .connectionListener((connection, event) -> note(actionOf(event), String.valueOf(event)))
                    .build());
            streaming = NatsStreaming.connect(
                    plan.clusterId(),
                    clientId,
                    new Options.Builder()
                            .natsConn(nats)
                            .pubAckWait(plan.patience())
                            .connectWait(plan.patience())
                            .connectionLostHandler((connection, cause) -> onLost(cause))
                            .build());
            history.append(history.event(Phase.OK, Action.CONNECT, operation).on("", clientId));
            return true;
        } catch (IOException | RuntimeException e) {
            history.append(history.event(Phase.INFO, Action.CONNECT, operation)
                    .on("", clientId)
                    .saying(String.valueOf(e.getMessage())));
            abandon();
            return false;
        }
    }

    StreamingConnection streaming() {
        return Objects.requireNonNull(streaming);
    }

    private static Action actionOf(ConnectionListener.Events event) {
        return switch (event) {
            case DISCONNECTED, CLOSED -> Action.LINK;
            default -> Action.NEWS;
        };
    }

    private void note(Action action, String what) {
        history.append(history.event(Phase.INFO, action, 0).on("", clientId).saying(what));
    }

    /** What the library finds out of a session that was abandoned is no loss. */
    private void onLost(Exception cause) {
        if (!abandoned) {
            note(Action.LOST, String.valueOf(cause.getMessage()));
            onLost.run();
        }
    }

    /** Drops the connection without a word, as a crash would. */
    void abandon() throws InterruptedException {
        abandoned = true;
        if (nats != null) {
            nats.close();
        }
    }

    @Override
    public void close() throws InterruptedException {
        long operation = history.nextOperation();
        history.append(history.event(Phase.INVOKE, Action.CLOSE, operation).on("", clientId));
        try {
            streaming().close();
            history.append(history.event(Phase.OK, Action.CLOSE, operation).on("", clientId));
        } catch (IOException | TimeoutException | RuntimeException e) {
            history.append(history.event(Phase.INFO, Action.CLOSE, operation)
                    .on("", clientId)
                    .saying(String.valueOf(e.getMessage())));
        } finally {
            abandon();
        }
    }
}
