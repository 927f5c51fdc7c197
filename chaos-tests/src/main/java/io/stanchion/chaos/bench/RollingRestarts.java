package io.stanchion.chaos.bench;

import io.nats.streaming.NatsStreaming;
import io.nats.streaming.Options;
import io.nats.streaming.StreamingConnection;
import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.workload.NumberedPayload;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What publishers see while each node in turn is stopped with SIGTERM and started again. At each node is a client with nothing but default
 * options, which knows that node only, learns of the others from it, and publishes one message at a time.
 */
final class RollingRestarts {
    private static final int PAYLOAD_BYTES = 128;
    private static final long BETWEEN_TWO_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    private final ProcessCluster cluster;
    private final BenchTarget target;
    private final Histogram micros = new ConcurrentHistogram(3);
    private final AtomicLong worstMicros = new AtomicLong();
    private final Queue<Exception> errors = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    RollingRestarts(ProcessCluster cluster, BenchTarget target) {
        this.cluster = cluster;
        this.target = target;
    }

    /**
     * What one node's restart did to all publishers.
     *
     * @param stopMillis from SIGTERM to the end of the process
     * @param worstMillis the longest time that a publish took, from SIGTERM until all was well again
     */
    record Step(String node, boolean led, double stopMillis, double worstMillis) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s%s: worst publish %.0f ms, stopped in %.0f ms",
                    node,
                    led ? " (leader)" : "",
                    worstMillis,
                    stopMillis);
        }
    }

    /** @param rest load before the first restart, and after each */
    List<Step> run(Duration rest) throws InterruptedException {
        List<Thread> publishers = new ArrayList<>();
        for (NodeProcess node : cluster.nodes()) {
            Thread publisher = new Thread(() -> publish(node), "publisher-" + node.id());
            publishers.add(publisher);
            publisher.start();
        }
        List<Step> steps = new ArrayList<>();
        try {
            awaitLoad(rest);
            micros.reset();
            for (NodeProcess node : cluster.nodes()) {
                steps.add(restart(node, rest));
            }
        } finally {
            stopped = true;
            for (Thread publisher : publishers) {
                publisher.join();
            }
        }
        return steps;
    }

    /** Of each publish, from its call to its acknowledgement. */
    Histogram micros() {
        return micros;
    }

    List<Exception> errors() {
        return List.copyOf(errors);
    }

    private Step restart(NodeProcess node, Duration rest) {
        boolean led = node.monitor().isLeader();
        worstMicros.set(0);
        long begin = System.nanoTime();
        node.terminate(STOP_LIMIT);
        double stopMillis = (System.nanoTime() - begin) / 1e6;
        node.start();
        node.awaitReady(READY_LIMIT);
        awaitLoad(rest);
        return new Step(node.id(), led, stopMillis, worstMicros.get() / 1000.0);
    }

    private static void awaitLoad(Duration rest) {
        long end = System.nanoTime() + rest.toNanos();
        Await.until("time stands still", rest.plusSeconds(10), () -> System.nanoTime() - end > 0);
    }

    private void publish(NodeProcess first) {
        String channel = target.newName("rolling");
        byte[] payload = new NumberedPayload(PAYLOAD_BYTES, 1).of(0);
        @Nullable StreamingConnection connection = null;
        try {
            Options options = new Options.Builder().natsUrl(first.clientUrl()).build();
            connection = NatsStreaming.connect(cluster.clusterId(), target.newName("rolling"), options);
            while (!stopped) {
                publishOnce(connection, channel, payload);
                LockSupport.parkNanos(BETWEEN_TWO_NANOS);
            }
        } catch (IOException e) {
            errors.add(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(connection);
        }
    }

    private void publishOnce(StreamingConnection connection, String channel, byte[] payload)
            throws InterruptedException {
        long start = System.nanoTime();
        try {
            connection.publish(channel, payload);
        } catch (IOException | TimeoutException | RuntimeException e) {
            errors.add(e);
        }
        long took = (System.nanoTime() - start) / 1000;
        micros.recordValue(took);
        worstMicros.accumulateAndGet(took, Math::max);
    }

    private void close(@Nullable StreamingConnection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (IOException | TimeoutException | RuntimeException e) {
            errors.add(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
