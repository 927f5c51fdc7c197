package io.stanchion.chaos.bench;

import io.stanchion.chaos.workload.NumberedPayload;
import io.stanchion.chaos.workload.StreamingSession;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Publishes with the Java client library, whose own window of unacknowledged messages throttles it. */
final class JavaPublishLoad implements PublishLoad {
    private final StreamingSession session;
    private final String channel;
    private final byte[] payload;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private final Thread publisher = new Thread(this::publish, "bench-publisher");
    private volatile boolean closed;

    JavaPublishLoad(BenchTarget target, int payloadBytes) throws IOException, InterruptedException {
        session = StreamingSession.open(
                target.clusterId(), target.newName("bench"), target.urls(), Duration.ofSeconds(30));
        channel = target.newName("channel");
        payload = new NumberedPayload(payloadBytes, 1).of(0);
        publisher.setDaemon(true);
        publisher.start();
    }

    private void publish() {
        try {
            while (!closed) {
                session.streaming().publish(channel, payload, (guid, problem) -> settle(problem));
            }
        } catch (IOException | TimeoutException | IllegalStateException e) {
            complain(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void settle(@Nullable Exception problem) {
        if (problem == null) {
            acknowledged.incrementAndGet();
        } else {
            complain(problem.toString());
        }
    }

    private void complain(String what) {
        if (!closed) {
            trouble.compareAndSet(null, what);
        }
    }

    @Override
    public long acknowledged() {
        return acknowledged.get();
    }

    @Override
    public @Nullable String trouble() {
        return trouble.get();
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        session.close();
        publisher.interrupt();
        publisher.join(5000);
    }
}
