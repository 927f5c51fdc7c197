package io.stanchion.chaos.bench;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.ClusterException;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.workload.NumberedPayload;
import io.stanchion.chaos.workload.StreamingSession;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The time from the SIGKILL of the leader to the first acknowledgement of a message that was published after it. A client of a follower
 * publishes all the while, one message every few milliseconds.
 */
final class KillToAck {
    private static final int RATE_PER_SECOND = 200;
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration ACK_LIMIT = Duration.ofSeconds(35);
    private static final long NEVER = Long.MAX_VALUE;

    private final ProcessCluster cluster;
    private final AtomicLong killedNanos = new AtomicLong(NEVER);
    private final AtomicLong firstAckNanos = new AtomicLong(NEVER);
    private final AtomicReference<@Nullable Throwable> trouble = new AtomicReference<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile boolean stopped;

    KillToAck(ProcessCluster cluster) {
        this.cluster = cluster;
    }

    /** Kills the leader once, and returns with all nodes ready again. In milliseconds. */
    double killOnce(int round) throws Exception {
        NodeProcess leader = cluster.awaitLeader(READY_LIMIT);
        NodeProcess gateway = cluster.followersOf(leader).get(round % 2);
        try (StreamingSession session = StreamingSession.open(
                cluster.clusterId(), "kill-" + round, cluster.urlsFrom(gateway), Duration.ofSeconds(30))) {
            Thread publisher = new Thread(() -> publish(session), "kill-publisher");
            publisher.setDaemon(true);
            publisher.start();
            Await.until("publishing did not start", READY_LIMIT, () -> acknowledged.get() > RATE_PER_SECOND);
            killedNanos.set(System.nanoTime());
            leader.kill();
            Await.until("no acknowledgement after the kill", ACK_LIMIT, () -> firstAckNanos.get() != NEVER);
            stopped = true;
            publisher.join();
        }
        if (trouble.get() != null) {
            throw new ClusterException("a publish failed: " + trouble.get());
        }
        leader.start();
        cluster.awaitReady(READY_LIMIT);
        return (firstAckNanos.get() - killedNanos.get()) / 1e6;
    }

    private void publish(StreamingSession session) {
        byte[] payload = new NumberedPayload(128, 1).of(0);
        long interval = TimeUnit.SECONDS.toNanos(1) / RATE_PER_SECOND;
        try {
            while (!stopped) {
                long published = System.nanoTime();
                session.streaming().publish("kill", payload, (guid, problem) -> settle(published, problem));
                LockSupport.parkNanos(published + interval - System.nanoTime());
            }
        } catch (Exception e) {
            trouble.set(e);
        }
    }

    private void settle(long publishedNanos, @Nullable Exception problem) {
        if (problem != null) {
            trouble.set(problem);
            return;
        }
        acknowledged.incrementAndGet();
        if (publishedNanos >= killedNanos.get()) {
            firstAckNanos.compareAndSet(NEVER, System.nanoTime());
        }
    }
}
