package io.stanchion.gateway.connection;

import io.stanchion.gateway.core.Interest;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Subscriber;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One SUB of a client. Publishers on any thread claim a delivery; the connection's event loop writes it.
 *
 * <p>Invariant: never more than {@code max} deliveries are claimed once a maximum is set, and what was claimed before the subscription
 * ended but not written is dropped, so that nothing follows the PONG after an UNSUB.
 */
final class ClientSubscription implements Subscriber {
    private static final long NO_MAX = Long.MAX_VALUE;

    private final Connection connection;
    private final Subject sid;
    private final byte[] sidBytes;
    private final Subject pattern;
    private final @Nullable Subject queueGroup;
    private final AtomicLong claimed = new AtomicLong();
    /** Owned by the event loop, as all below; other threads read {@code max} and {@code closed}. */
    private long written;

    private volatile long max = NO_MAX;
    private volatile boolean closed;
    private @Nullable Interest interest;

    ClientSubscription(Connection connection, Subject sid, Subject pattern, @Nullable Subject queueGroup) {
        this.connection = connection;
        this.sid = sid;
        this.sidBytes = new byte[sid.length()];
        sid.writeTo(sidBytes, 0);
        this.pattern = pattern;
        this.queueGroup = queueGroup;
    }

    Connection connection() {
        return connection;
    }

    Subject sid() {
        return sid;
    }

    byte[] sidBytes() {
        return sidBytes;
    }

    /** On the event loop. */
    InterestFacts facts() {
        return new InterestFacts(
                connection.id(),
                pattern.toString(),
                queueGroup == null ? "" : queueGroup.toString(),
                sid.toString(),
                written,
                max == NO_MAX ? 0 : max);
    }

    /** Takes no more messages; those that it has been chosen for are still written. */
    void retire() {
        if (interest != null) {
            interest.close();
        }
    }

    /** From here on messages may come. */
    void open(Interest opened) {
        interest = opened;
    }

    @Override
    public boolean deliver(Message message) {
        if (closed || connection.isEcho(message) || !tryClaim()) {
            return false;
        }
        connection.lane().deliver(this, message);
        return true;
    }

    @Override
    public boolean hasRoom() {
        return connection.hasRoom();
    }

    /** On the event loop. */
    void write(Message message) {
        if (closed) {
            return;
        }
        written++;
        connection.write(this, message);
        if (written >= max) {
            connection.remove(this);
        }
    }

    /** Ends the subscription with its {@code limit}-th message, or now if it has had them. */
    void limit(long limit) {
        max = limit;
        if (written >= limit) {
            connection.remove(this);
        }
    }

    void close() {
        closed = true;
        if (interest != null) {
            interest.close();
        }
    }

    private boolean tryClaim() {
        if (max == NO_MAX) {
            claimed.incrementAndGet();
            return true;
        }
        long limit = max;
        return claimed.getAndUpdate(n -> n < limit ? n + 1 : n) < limit;
    }
}
