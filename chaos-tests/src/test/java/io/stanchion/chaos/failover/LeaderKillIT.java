package io.stanchion.chaos.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.workload.DeliveryRecord;
import io.stanchion.chaos.workload.DurableSubscriber;
import io.stanchion.chaos.workload.NumberedPayload;
import io.stanchion.chaos.workload.PublishLedger;
import io.stanchion.chaos.workload.Publisher;
import io.stanchion.chaos.workload.StreamingSession;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 100 000 messages, three processes, one SIGKILL. */
class LeaderKillIT {
    private static final int MESSAGES = 100_000;
    private static final long SEED = 1;

    /** Whose gateway the publisher and the subscriber use. */
    enum Through {
        LEADER,
        FOLLOWER
    }

    private ProcessCluster cluster;

    @BeforeEach
    void startCluster() {
        cluster = ProcessCluster.startOfSize(3);
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverEveryAcknowledgedMessageInOrderWhenTheLeaderIsKilled(Through through) throws Exception {
        NodeProcess leader = cluster.awaitLeader(Duration.ofSeconds(20));
        NodeProcess gateway =
                through == Through.LEADER ? leader : cluster.followersOf(leader).get(0);
        try (DurableSubscriber subscriber = subscribe(gateway);
                StreamingSession session = StreamingSession.open(
                        cluster.clusterId(), "publisher", cluster.urlsFrom(gateway), Duration.ofSeconds(10))) {
            Publisher publisher = new Publisher(session.streaming(), "orders", new NumberedPayload(128, SEED));
            PublishLedger ledger = publisher.ledger();
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publishAll(publisher));
            await().atMost(Duration.ofSeconds(60)).until(() -> ledger.acknowledgedCount() > MESSAGES / 3);

            leader.kill();
            publishing.join();
            await().atMost(Duration.ofSeconds(60)).until(ledger::isSettled);
            leader.start();

            if (through == Through.FOLLOWER) {
                assertThat(ledger.failures())
                        .as("a follower's client must not notice")
                        .isEmpty();
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            subscriber.record().missing(ledger.acknowledged()).isEmpty());
            DeliveryRecord.Tally tally = subscriber.record().tally();
            assertThat(tally.violations()).isEmpty();
            leader.awaitReady(Duration.ofSeconds(60));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> leader.monitor().storedMessages() >= ledger.acknowledgedCount());
        }
    }

    private DurableSubscriber subscribe(NodeProcess gateway) throws IOException, InterruptedException {
        return DurableSubscriber.open(new DurableSubscriber.Settings(
                cluster.clusterId(),
                "subscriber",
                cluster.urlsFrom(gateway),
                "orders",
                "d",
                1024,
                Duration.ofSeconds(2)));
    }

    private static void publishAll(Publisher publisher) {
        try {
            publisher.publish(MESSAGES, 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
