package io.stanchion.chaos.bench;

import io.stanchion.chaos.workload.NumberedPayload;
import io.stanchion.chaos.workload.RawConnection;
import io.stanchion.chaos.workload.StreamingSession;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/** How long one publisher waits for each acknowledgement when it publishes one message at a time. In microseconds. */
final class SyncLatency {
    private SyncLatency() {}

    static Histogram ofJavaClient(BenchTarget target, int payloadBytes, Duration warmUp, Duration run)
            throws IOException, InterruptedException, TimeoutException {
        String channel = target.newName("channel");
        byte[] payload = new NumberedPayload(payloadBytes, 1).of(0);
        try (StreamingSession session = StreamingSession.open(
                target.clusterId(), target.newName("bench"), target.urls(), Duration.ofSeconds(30))) {
            for (long end = System.nanoTime() + warmUp.toNanos(); System.nanoTime() < end; ) {
                session.streaming().publish(channel, payload);
            }
            Histogram micros = new Histogram(3);
            for (long end = System.nanoTime() + run.toNanos(); System.nanoTime() < end; ) {
                long start = System.nanoTime();
                session.streaming().publish(channel, payload);
                micros.recordValue((System.nanoTime() - start) / 1000);
            }
            return micros;
        }
    }

    static Histogram ofRawClient(BenchTarget target, int payloadBytes, Duration warmUp, Duration run)
            throws IOException {
        String clientId = target.newName("bench");
        String ackInbox = "_STAN.acks." + clientId;
        PublishFrame frame =
                new PublishFrame(target.clusterId(), clientId, target.newName("channel"), ackInbox, payloadBytes);
        try (RawConnection connection = new RawConnection("127.0.0.1", target.port(), 35_000)) {
            connection.openSession(target.clusterId(), clientId, ackInbox);
            record(connection, frame, warmUp);
            return record(connection, frame, run);
        }
    }

    private static Histogram record(RawConnection connection, PublishFrame frame, Duration time) throws IOException {
        Histogram micros = new Histogram(3);
        for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
            long start = System.nanoTime();
            frame.writeNext(connection.out());
            if (connection.skipMessage() != PublishFrame.GOOD_ACK_BYTES) {
                throw new IOException("a publish was refused");
            }
            micros.recordValue((System.nanoTime() - start) / 1000);
        }
        return micros;
    }
}
