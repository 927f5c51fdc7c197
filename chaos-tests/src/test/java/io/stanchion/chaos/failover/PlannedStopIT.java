package io.stanchion.chaos.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.NatsStreaming;
import io.nats.streaming.Options;
import io.nats.streaming.StreamingConnection;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that are told to stop while clients with default options publish through them, many messages on their way at a time. */
class PlannedStopIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Less than the clients' own, so that what they give up is found out here. */
    private static final int IN_FLIGHT = 64;

    /** After so many messages: nodes that start need the processors, too. */
    private static final long BREAK_NANOS = 50_000_000L;

    private ProcessCluster cluster;
    private final List<Load> loads = new ArrayList<>();

    @BeforeEach
    void startCluster() throws Exception {
        cluster = ProcessCluster.startOfSize(3);
        for (NodeProcess node : cluster.nodes()) {
            loads.add(new Load(node));
        }
    }

    @AfterEach
    void stopCluster() {
        loads.forEach(Load::stop);
        cluster.close();
    }

    @Test
    void shouldAnswerEveryPublishWhenAllNodesAreRestartedInTurn() throws Exception {
        awaitProgress();
        for (NodeProcess node : cluster.nodes()) {
            assertThat(node.terminate(PATIENCE)).as(node.id()).isZero();
            node.start();
            node.awaitReady(PATIENCE);
            awaitProgress();
        }
        assertEverythingAnswered();
    }

    @Test
    void shouldAnswerEveryPublishWhenTheLeaderLeavesAsALameDuck() throws Exception {
        awaitProgress();
        NodeProcess leader = cluster.awaitLeader(PATIENCE);
        assertThat(leader.becomeLameDuck(PATIENCE)).isZero();
        awaitProgress();
        assertEverythingAnswered();
    }

    private void awaitProgress() {
        for (Load load : loads) {
            long before = load.answered.get();
            await().atMost(PATIENCE).until(() -> load.answered.get() > before + 500);
        }
    }

    private void assertEverythingAnswered() throws Exception {
        for (Load load : loads) {
            load.stop();
            assertThat(load.inFlight.tryAcquire(IN_FLIGHT, PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("all publishes are answered")
                    .isTrue();
            assertThat(load.errors).isEmpty();
            load.connection.close();
        }
    }

    /** A client that knows one node and learns of the others from it. */
    private final class Load {
        final Semaphore inFlight = new Semaphore(IN_FLIGHT);
        final AtomicLong answered = new AtomicLong();
        final Queue<Object> errors = new ConcurrentLinkedQueue<>();
        final StreamingConnection connection;
        private final Thread thread;
        private volatile boolean stopped;

        Load(NodeProcess node) throws Exception {
            connection = NatsStreaming.connect(
                    cluster.clusterId(),
                    "load-" + node.id(),
                    new Options.Builder().natsUrl(node.clientUrl()).build());
            thread = new Thread(() -> publish("channel-" + node.id()), "load-" + node.id());
            thread.start();
        }

        private void publish(String channel) {
            byte[] payload = "x".repeat(128).getBytes(StandardCharsets.US_ASCII);
            try {
                while (!stopped) {
                    for (int i = 0; i < IN_FLIGHT; i++) {
                        inFlight.acquire();
                        connection.publish(channel, payload, this::onAnswer);
                    }
                    LockSupport.parkNanos(BREAK_NANOS);
                }
            } catch (Exception e) {
                errors.add(e);
            }
        }

        private void onAnswer(String guid, Exception problem) {
            if (problem != null) {
                errors.add(problem);
            }
            answered.incrementAndGet();
            inFlight.release();
        }

        void stop() {
            stopped = true;
        }
    }
}
