package io.stanchion.chaos.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.chaos.cluster.ClusterPlan;
import io.stanchion.chaos.cluster.Folders;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.workload.DurableSubscriber;
import io.stanchion.chaos.workload.NumberedPayload;
import io.stanchion.chaos.workload.PublishLedger;
import io.stanchion.chaos.workload.Publisher;
import io.stanchion.chaos.workload.StreamingSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node whose disk was replaced, in a cluster whose log does not reach back to the beginning any more. */
class EmptiedNodeIT {
    private static final int MESSAGES = 40_000;
    private static final int MESSAGE_BYTES = 1024;
    private static final long LOG_BYTES_MAX = 64L << 20;
    private static final long SEED = 2;

    private ProcessCluster cluster;

    @BeforeEach
    void startCluster() {
        ClusterPlan plan = ClusterPlan.ofSize(ProcessCluster.newFolder("stanchion-test-"), 3);
        cluster = ProcessCluster.start(plan.withStreamingSettings("raft_log_budget: " + LOG_BYTES_MAX));
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @Test
    void shouldGetEverythingBackAndThenCarryTheClusterWithOneOther() throws Exception {
        NodeProcess leader = cluster.awaitLeader(Duration.ofSeconds(20));
        NodeProcess emptied = cluster.followersOf(leader).get(0);
        try (StreamingSession session = StreamingSession.open(
                cluster.clusterId(), "publisher", cluster.urlsFrom(leader), Duration.ofSeconds(10))) {
            Publisher publisher =
                    new Publisher(session.streaming(), "orders", new NumberedPayload(MESSAGE_BYTES, SEED));
            PublishLedger ledger = publisher.ledger();
            publisher.publish(MESSAGES / 2, 0);
            emptied.kill();
            Folders.delete(emptied.dataDirectory());
            publisher.publish(MESSAGES / 2, 0);
            await().atMost(Duration.ofSeconds(60)).until(ledger::isSettled);
            assertThat(ledger.failures()).isEmpty();

            assertThat(logSegments(leader))
                    .as("the leader's log")
                    .isNotEmpty()
                    .noneMatch(segment -> segment.getFileName().toString().startsWith("log_0-"));

            emptied.start();
            emptied.awaitReady(Duration.ofSeconds(60));
            await().atMost(Duration.ofSeconds(10)) // ready allows for a few entries behind the leader
                    .untilAsserted(
                            () -> assertThat(emptied.monitor().storedMessages()).isEqualTo(MESSAGES));
            for (NodeProcess node : cluster.nodes()) {
                assertThat(logBytes(node)).as("Raft log of node %s", node.id()).isLessThan(LOG_BYTES_MAX);
            }

            leader.kill();
            try (DurableSubscriber subscriber = DurableSubscriber.open(new DurableSubscriber.Settings(
                    cluster.clusterId(),
                    "subscriber",
                    cluster.urlsFrom(emptied),
                    "orders",
                    "d",
                    1024,
                    Duration.ofSeconds(5)))) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> subscriber
                                .record()
                                .missing(ledger.acknowledged())
                                .isEmpty());
                assertThat(subscriber.record().tally().violations()).isEmpty();
            }
        }
    }

    private static List<Path> logSegments(NodeProcess node) throws IOException {
        return Folders.find(node.dataDirectory().resolve("raft"), "log_");
    }

    private static long logBytes(NodeProcess node) throws IOException {
        long bytes = 0;
        for (Path segment : logSegments(node)) {
            bytes += Files.size(segment);
        }
        return bytes;
    }
}
