package io.stanchion.chaos.bench;

import io.stanchion.chaos.workload.RawConnection;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;

/** Publishes over a {@link RawConnection}: one thread writes, one reads, and a semaphore bounds what is not yet acknowledged. */
final class RawPublishLoad implements PublishLoad {
    private final RawConnection connection;
    private final PublishFrame frame;
    private final Semaphore window;
    private final Progress progress = new Progress();
    private final Thread writer = new Thread(this::write, "bench-writer");
    private final Thread reader = new Thread(this::read, "bench-reader");

    RawPublishLoad(BenchTarget target, int payloadBytes, int windowSize) throws IOException {
        String clientId = target.newName("bench");
        String ackInbox = "_STAN.acks." + clientId;
        connection = new RawConnection("127.0.0.1", target.port(), 35_000);
        connection.openSession(target.clusterId(), clientId, ackInbox);
        frame = new PublishFrame(target.clusterId(), clientId, target.newName("channel"), ackInbox, payloadBytes);
        window = new Semaphore(windowSize);
        writer.setDaemon(true);
        reader.setDaemon(true);
        writer.start();
        reader.start();
    }

    private void write() {
        try (OutputStream out = new BufferedOutputStream(connection.out(), 1 << 16)) {
            while (!progress.hasEnded()) {
                if (!window.tryAcquire()) {
                    out.flush();
                    window.acquire();
                }
                frame.writeNext(out);
            }
        } catch (IOException e) {
            progress.complain(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try {
            while (!progress.hasEnded()) {
                if (connection.skipMessage() != PublishFrame.GOOD_ACK_BYTES) {
                    progress.complain("a publish was refused");
                }
                progress.acknowledge();
                window.release();
            }
        } catch (IOException e) {
            progress.complain(e.toString());
        }
    }

    @Override
    public Progress progress() {
        return progress;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        progress.end();
        connection.close();
        writer.interrupt();
        writer.join();
        reader.join();
    }
}
