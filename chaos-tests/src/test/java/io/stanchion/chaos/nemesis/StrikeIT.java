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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One strike of each family of faults: what was acknowledged before is there afterwards, and the cluster is whole again. */
@Tag("long")
class StrikeIT {
    private static final Logger log = LoggerFactory.getLogger(StrikeIT.class);
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
            PublishLedger ledger = publisher.ledger();
            publisher.publish(MESSAGES, 0);
            await().atMost(Duration.ofSeconds(20)).until(ledger::isSettled);
            assertThat(ledger.failures()).isEmpty();
            nemesis.strike(cluster, new Random(SEED), what -> log.info("{}: {}", nemesis.name(), what));
            if (nemesis.promise().keepsMajority()) { // the same session goes on as if nothing had happened
                publisher.publish(MESSAGES, 0);
                await().atMost(Duration.ofSeconds(60)).until(ledger::isSettled);
                assertThat(ledger.failures()).isEmpty();
            }
            return ledger;
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
