package io.stanchion.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.workload.DurableSubscriber;
import io.stanchion.chaos.workload.NumberedPayload;
import io.stanchion.chaos.workload.PublishLedger;
import io.stanchion.chaos.workload.Publisher;
import io.stanchion.chaos.workload.StreamingSession;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One strike of each family of faults: what was acknowledged before is there afterwards, and the cluster is whole again. */
class StrikeIT {
    private static final int MESSAGES = 500;
    private static final long SEED = 11;

    @ParameterizedTest
    @ValueSource(strings = {"partition-leader", "power-cut-all", "fsync-error-leader"})
    void shouldKeepWhatWasAcknowledgedThroughAStrike(String name) throws Exception {
        Nemesis nemesis = Nemeses.named(name).orElseThrow();
        assumeThat(nemesis.obstacle()).as("obstacle of %s", name).isEmpty();
        try (ProcessCluster cluster = ProcessCluster.startFor(nemesis.needs())) {
            PublishLedger ledger = publishAndStrike(cluster, nemesis);
            cluster.awaitReady(Duration.ofSeconds(60));
            assertAllThere(cluster, ledger);
        }
    }

    private static PublishLedger publishAndStrike(ProcessCluster cluster, Nemesis nemesis) throws Exception {
        try (StreamingSession session = StreamingSession.open(
                cluster.clusterId(),
                "publisher",
                cluster.urlsFrom(cluster.awaitLeader(Duration.ofSeconds(20))),
                Duration.ofSeconds(30))) {
            Publisher publisher = new Publisher(session.streaming(), "orders", new NumberedPayload(200, SEED));
            publisher.publish(MESSAGES, 0);
            await().atMost(Duration.ofSeconds(20)).until(publisher.ledger()::isSettled);
            nemesis.strike(
                    cluster,
                    new Random(SEED),
                    what -> System.getLogger("faults").log(System.Logger.Level.INFO, what));
            publisher.publish(MESSAGES, 0);
            await().atMost(Duration.ofSeconds(60)).until(publisher.ledger()::isSettled);
            assertThat(publisher.ledger().failures()).isEmpty();
            return publisher.ledger();
        }
    }

    private static void assertAllThere(ProcessCluster cluster, PublishLedger ledger) throws Exception {
        try (DurableSubscriber subscriber = DurableSubscriber.open(new DurableSubscriber.Settings(
                cluster.clusterId(),
                "subscriber",
                cluster.urlsFrom(cluster.awaitLeader(Duration.ofSeconds(20))),
                "orders",
                "d",
                1024,
                Duration.ofSeconds(5)))) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            subscriber.record().missing(ledger.acknowledged()).isEmpty());
            assertThat(subscriber.record().tally().violations()).isEmpty();
        }
    }
}
