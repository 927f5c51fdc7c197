package io.stanchion.chaos.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Publishes over a {@link RawConnection}: one thread writes, one reads, and a semaphore bounds what is not yet acknowledged. */
final class RawPublishLoad implements PublishLoad {
    private final RawConnection connection;
    private final PublishFrame frame;
    private final Semaphore window;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private final Thread writer = new Thread(this::write, "bench-writer");
    private final Thread reader = new Thread(this::read, "bench-reader");
    private volatile boolean closed;

    RawPublishLoad(BenchTarget target, int payloadBytes, int windowSize) throws IOException {
        String clientId = target.newName("bench");
        String ackInbox = "_STAN.acks." + clientId;
        connection = new RawConnection(target.port(), 35_000);
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
            while (!closed) {
                if (!window.tryAcquire()) {
                    out.flush();
                    window.acquire();
                }
                frame.writeNext(out);
            }
        } catch (IOException e) {
            complain(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try {
            while (!closed) {
                if (connection.skipMessage() != PublishFrame.GOOD_ACK_BYTES) {
                    complain("a publish was refused");
                }
                acknowledged.lazySet(acknowledged.get() + 1);
                window.release();
            }
        } catch (IOException e) {
            complain(e.toString());
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
    public void close() throws IOException, InterruptedException {
        closed = true;
        connection.close();
        writer.interrupt();
        writer.join();
        reader.join();
    }
}
