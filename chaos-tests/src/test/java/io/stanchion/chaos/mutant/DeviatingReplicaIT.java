package io.stanchion.chaos.mutant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.chaos.cluster.ClusterPlan;
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
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One of three replicas becomes another than the rest, while clients work. They must not notice, and it must not last. */
class DeviatingReplicaIT {
    private static final Duration A_MINUTE = Duration.ofSeconds(60);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final int PER_SECOND = 200;

    /** A message that is given again, and acknowledged once more, makes the replicas equal before they are compared. */
    private static final Duration ACK_WAIT = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private ProcessCluster cluster;

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    /** A leader that has lost a message would deliver others under its number; a leader that forgets an ack does no harm but to itself. */
    @ParameterizedTest
    @EnumSource
    void shouldBeFoundOutWithinAMinuteAndBecomeEqualAgain(Deviation deviation) throws Exception {
        byte[] broken = Weaver.weave(deviation.className, deviation.method, Deviation.SkipOnce.class);
        String agent = AgentJar.optionFor(folder, deviation.className, broken);
        cluster = new ProcessCluster(ClusterPlan.ofSize(ProcessCluster.newFolder("stanchion-test-"), 3)
                .withClusterSettings("compare_interval: \"3s\"")
                .withEnvironment(Map.of("STANCHION_JAVA_OPTS", agent)));
        cluster.startAll();
        cluster.awaitReady(START_LIMIT);
        NodeProcess leader = cluster.awaitLeader(Duration.ofSeconds(20));
        NodeProcess follower = cluster.followersOf(leader).get(0);
        NodeProcess victim = deviation == Deviation.MESSAGE_LOST ? follower : leader;
        NodeProcess gateway = cluster.followersOf(leader).get(1);
        AtomicBoolean enough = new AtomicBoolean();
        try (DurableSubscriber subscriber = subscribe(gateway);
                StreamingSession session = StreamingSession.open(
                        cluster.clusterId(), "publisher", cluster.urlsFrom(gateway), Duration.ofSeconds(20))) {
            Publisher publisher = new Publisher(session.streaming(), "orders", new NumberedPayload(128, 1));
            PublishLedger ledger = publisher.ledger();
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publishUntil(enough, publisher));
            awaitEqualBeyond(0);

            Files.createFile(victim.logFile().resolveSibling(Deviation.TRIGGER));
            await().atMost(A_MINUTE)
                    .until(() -> Files.readString(victim.logFile())
                            .contains("this node's data can't be trusted: at index "));
            awaitEqualBeyond(gateway.monitor().equalIndex());
            victim.awaitReady(A_MINUTE);

            enough.set(true);
            publishing.join();
            await().atMost(A_MINUTE).until(ledger::isSettled);
            assertThat(ledger.failures()).as("clients must not notice").isEmpty();
            await().atMost(A_MINUTE)
                    .until(() ->
                            subscriber.record().missing(ledger.acknowledged()).isEmpty());
            assertThat(subscriber.record().tally().violations()).isEmpty();
            await().atMost(A_MINUTE)
                    .untilAsserted(() -> assertThat(cluster.nodes())
                            .allSatisfy(node ->
                                    assertThat(node.monitor().storedMessages()).isEqualTo(ledger.acknowledgedCount())));
        }
    }

    /** The library gives a subscription two seconds, which nodes that have just been started may need for themselves. */
    private DurableSubscriber subscribe(NodeProcess gateway) {
        DurableSubscriber.Settings settings = new DurableSubscriber.Settings(
                cluster.clusterId(), "subscriber", cluster.urlsFrom(gateway), "orders", "d", 100, ACK_WAIT);
        return await().atMost(A_MINUTE)
                .ignoreException(IOException.class)
                .until(() -> DurableSubscriber.open(settings), Objects::nonNull);
    }

    private void awaitEqualBeyond(long index) {
        await().atMost(A_MINUTE)
                .until(() ->
                        cluster.nodes().stream().allMatch(node -> node.monitor().equalIndex() > index));
    }

    private static void publishUntil(AtomicBoolean enough, Publisher publisher) {
        try {
            while (!enough.get()) {
                publisher.publish(PER_SECOND / 10, PER_SECOND);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
