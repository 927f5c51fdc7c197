package io.stanchion.gateway.connection;

/**
 * What one client may do; the defaults are those of protocol specification 2.4 and 5.
 *
 * @param controlLineMaxBytes of the arguments, without the operation's name
 * @param payloadMaxBytes headers included
 * @param pendingMaxBytes waiting to be written to a client; beyond that it is a slow consumer
 * @param subscriptionsMax 0 means no limit
 * @param subscriptionTokensMax of a subscription's subject; 0 means no limit
 * @param pingsOutMax unanswered; one more tick and the connection is stale
 * @param writeDeadlineMillis in which the client must take what was handed to its socket
 */
public record ConnectionLimits(
        int controlLineMaxBytes,
        int payloadMaxBytes,
        long pendingMaxBytes,
        int subscriptionsMax,
        int subscriptionTokensMax,
        long pingIntervalMillis,
        int pingsOutMax,
        long writeDeadlineMillis) {

    public ConnectionLimits {
        if (payloadMaxBytes > pendingMaxBytes) {
            throw new IllegalArgumentException("max_payload must not be greater than max_pending");
        }
    }

    public static ConnectionLimits defaults() {
        return new ConnectionLimits(4096, 1 << 20, 64L << 20, 0, 0, 120_000, 2, 10_000);
    }

    public ConnectionLimits withControlLineMaxBytes(int bytes) {
        return new ConnectionLimits(
                bytes,
                payloadMaxBytes,
                pendingMaxBytes,
                subscriptionsMax,
                subscriptionTokensMax,
                pingIntervalMillis,
                pingsOutMax,
                writeDeadlineMillis);
    }

    public ConnectionLimits withPayloadMaxBytes(int bytes) {
        return new ConnectionLimits(
                controlLineMaxBytes,
                bytes,
                pendingMaxBytes,
                subscriptionsMax,
                subscriptionTokensMax,
                pingIntervalMillis,
                pingsOutMax,
                writeDeadlineMillis);
    }

    public ConnectionLimits withPendingMaxBytes(long bytes) {
        return new ConnectionLimits(
                controlLineMaxBytes,
                payloadMaxBytes,
                bytes,
                subscriptionsMax,
                subscriptionTokensMax,
                pingIntervalMillis,
                pingsOutMax,
                writeDeadlineMillis);
    }

    public ConnectionLimits withSubscriptionsMax(int subscriptions, int tokens) {
        return new ConnectionLimits(
                controlLineMaxBytes,
                payloadMaxBytes,
                pendingMaxBytes,
                subscriptions,
                tokens,
                pingIntervalMillis,
                pingsOutMax,
                writeDeadlineMillis);
    }

    public ConnectionLimits withPings(long intervalMillis, int outMax) {
        return new ConnectionLimits(
                controlLineMaxBytes,
                payloadMaxBytes,
                pendingMaxBytes,
                subscriptionsMax,
                subscriptionTokensMax,
                intervalMillis,
                outMax,
                writeDeadlineMillis);
    }

    public ConnectionLimits withWriteDeadlineMillis(long millis) {
        return new ConnectionLimits(
                controlLineMaxBytes,
                payloadMaxBytes,
                pendingMaxBytes,
                subscriptionsMax,
                subscriptionTokensMax,
                pingIntervalMillis,
                pingsOutMax,
                millis);
    }
}
