package io.stanchion.chaos.workload;

import io.nats.streaming.StreamingConnection;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Publishes numbered messages to one channel and counts what comes back. One thread runs {@link #publish}; acknowledgements arrive on
 * threads of the client library.
 */
public final class Publisher {
    private final StreamingConnection connection;
    private final String channel;
    private final NumberedPayload payload;
    private final PublishLedger ledger = new PublishLedger();
    private int next;

    public Publisher(StreamingConnection connection, String channel, NumberedPayload payload) {
        this.connection = connection;
        this.channel = channel;
        this.payload = payload;
    }

    public PublishLedger ledger() {
        return ledger;
    }

    /** Publishes the next message; waits only when the library's limit of unacknowledged messages is reached. */
    public void publish() throws InterruptedException {
        int number = next++;
        ledger.recordPublish();
        try {
            connection.publish(channel, payload.of(number), (guid, problem) -> settle(number, problem));
        } catch (IOException | TimeoutException | IllegalStateException e) {
            ledger.recordFailure(number, e);
        }
    }

    /** Publishes {@code count} messages at no more than the given rate; a rate of 0 means as fast as acknowledgements allow. */
    public void publish(int count, int perSecond) throws InterruptedException {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            if (perSecond > 0) {
                waitUntil(start + i * TimeUnit.SECONDS.toNanos(1) / perSecond);
            }
            publish();
        }
    }

    private static void waitUntil(long nanoTime) throws InterruptedException {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void settle(int number, @Nullable Exception problem) {
        if (problem == null) {
            ledger.recordAcknowledged(number);
        } else {
            ledger.recordFailure(number, problem);
        }
    }
}
