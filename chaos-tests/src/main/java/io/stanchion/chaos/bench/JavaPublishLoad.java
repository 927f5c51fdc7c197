package io.stanchion.chaos.bench;

import io.stanchion.chaos.workload.NumberedPayload;
import io.stanchion.chaos.workload.StreamingSession;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Publishes with the Java client library, whose own window of unacknowledged messages throttles it. */
final class JavaPublishLoad implements PublishLoad {
    private final StreamingSession session;
    private final String channel;
    private final byte[] payload;
    private final Progress progress = new Progress();
    private final Thread publisher = new Thread(this::publish, "bench-publisher");

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
            while (!progress.hasEnded()) {
                session.streaming().publish(channel, payload, (guid, problem) -> settle(problem));
            }
        } catch (IOException | TimeoutException | IllegalStateException e) {
            progress.complain(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void settle(@Nullable Exception problem) {
        if (problem == null) {
            progress.acknowledge();
        } else {
            progress.complain(problem.toString());
        }
    }

    @Override
    public Progress progress() {
        return progress;
    }

    @Override
    public void close() throws InterruptedException {
        progress.end();
        publisher.join(
                5000); // before the session: the client library throws at a thread that publishes while it closes
        session.close();
        publisher.interrupt();
        publisher.join(5000);
    }
}
