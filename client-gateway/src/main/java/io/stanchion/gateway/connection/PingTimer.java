package io.stanchion.gateway.connection;

import io.netty.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Pings one client, and notices when it no longer answers (protocol specification 5.1). Owned by the connection's event loop.
 *
 * <p>The first ping comes soon after CONNECT, whatever the interval: some clients wait for it.
 */
final class PingTimer {
    private static final long FIRST_PING_MILLIS = 2000;
    private static final long ROUND_TRIP_GOOD_FOR_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Connection connection;
    private final GatewayState gateway;
    private final long openedNanos;
    private @Nullable Future<?> next;
    private int out;
    private long pingSentNanos;
    private final Tally lastActivity = new Tally();
    private boolean roundTripKnown;
    private long roundTripMeasuredNanos;
    private volatile long roundTripNanos;

    PingTimer(Connection connection, GatewayState gateway) {
        this.connection = connection;
        this.gateway = gateway;
        this.openedNanos = gateway.nanoTime();
        this.lastActivity.set(openedNanos);
    }

    void start() {
        schedule(intervalMillis());
    }

    void onConnect() {
        if (roundTripNanos == 0) {
            roundTripNanos = gateway.nanoTime() - openedNanos; // INFO went there, CONNECT came back: an estimate
        }
        long first = Math.min(intervalMillis(), FIRST_PING_MILLIS);
        schedule(first + ThreadLocalRandom.current().nextLong(first / 5 + 1));
    }

    /** A message, a subscription or a ping came; a PONG is none of these. */
    void onActivity() {
        lastActivity.set(gateway.nanoTime());
    }

    /** Any thread. */
    long lastActivityNanos() {
        return lastActivity.get();
    }

    void onPong() {
        if (out > 0) {
            roundTripKnown = true;
            roundTripMeasuredNanos = gateway.nanoTime();
            roundTripNanos = roundTripMeasuredNanos - pingSentNanos;
        }
        out = 0;
    }

    /** Any thread: from the last PING to its PONG; before the first from INFO to CONNECT, and 0 before that. */
    long roundTripNanos() {
        return roundTripNanos;
    }

    void stop() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }

    private void schedule(long delayMillis) {
        stop();
        next = connection.lane().loop().schedule(this::onTick, delayMillis, TimeUnit.MILLISECONDS);
    }

    private void onTick() {
        if (needsPing()) {
            if (out + 1 > gateway.limits().pingsOutMax()) {
                connection.fail("Stale Connection", CloseReason.STALE_CONNECTION);
                return;
            }
            out++;
            pingSentNanos = gateway.nanoTime();
            connection.sendPing();
        }
        schedule(intervalMillis());
    }

    private long intervalMillis() {
        return gateway.limits().pingIntervalMillis();
    }

    private boolean needsPing() {
        if (connection.isPaused()) {
            return false; // its answers would not be read
        }
        long now = gateway.nanoTime();
        boolean active = now - lastActivity.get() < TimeUnit.MILLISECONDS.toNanos(intervalMillis());
        return !active || !roundTripKnown || now - roundTripMeasuredNanos > ROUND_TRIP_GOOD_FOR_NANOS;
    }
}
