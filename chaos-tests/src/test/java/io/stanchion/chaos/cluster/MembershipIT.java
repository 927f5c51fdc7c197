package io.stanchion.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.chaos.workload.DurableSubscriber;
import io.stanchion.chaos.workload.NumberedPayload;
import io.stanchion.chaos.workload.PublishLedger;
import io.stanchion.chaos.workload.Publisher;
import io.stanchion.chaos.workload.StreamingSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An operator changes the members of a running cluster with {@code stanchion cluster}, while it is being published to. */
class MembershipIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Longer than a replica may be down before its node ends. */
    private static final Duration OPERATOR_THINKS = Duration.ofSeconds(12);

    private static final int MESSAGES = 7_000;
    private static final int PER_SECOND = 250;

    @Test
    void shouldGrowReplaceADeadNodeAndShrinkWithoutAnybodyNoticing() throws Exception {
        ClusterPlan five = ClusterPlan.ofSize(ProcessCluster.newFolder("stanchion-test-"), 5);
        ClusterPlan three = new ClusterPlan(
                five.clusterId(), five.directory(), five.nodes().subList(0, 3), five.streamingSettings());
        NodePlan d = five.nodes().get(3);
        NodePlan e = five.nodes().get(4);
        try (ProcessCluster cluster = ProcessCluster.start(three);
                NodeProcess joining = new NodeProcess(d, five.configurationOf(d));
                NodeProcess replacing = new NodeProcess(e, five.configurationOf(e));
                StreamingSession session = StreamingSession.open(
                        cluster.clusterId(),
                        "publisher",
                        List.of(cluster.node("b").clientUrl()),
                        LIMIT)) {
            Publisher publisher = new Publisher(session.streaming(), "orders", new NumberedPayload(128, 1));
            PublishLedger ledger = publisher.ledger();
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publish(publisher));
            NodePlan b = five.nodes().get(1);

            joining.start();
            awaitWaitingForLong(joining);
            assertThat(operator(b, "add", d.peer())).contains("is a member");
            joining.awaitReady(LIMIT);

            operator(b, "transfer", "b"); // so that neither the one to die nor the one to be removed leads
            cluster.node("a").kill();
            replacing.start();
            awaitWaiting(replacing);
            assertThat(operator(b, "replace", "a", e.peer())).contains("in place of a");
            replacing.awaitReady(LIMIT);

            operator(b, "transfer", "b");
            assertThat(operator(b, "remove", "c")).contains("no member any more");
            await().atMost(LIMIT).until(() -> !cluster.node("c").isAlive());
            assertThat(Files.readString(cluster.node("c").logFile()))
                    .contains("this node was removed from the cluster");

            publishing.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            await().atMost(LIMIT).until(ledger::isSettled);
            assertThat(ledger.failures()).isEmpty();
            assertThat(operator(b, "status").lines().filter(line -> line.endsWith("ready")))
                    .extracting(line -> line.substring(0, 1))
                    .containsExactly("b", "d", "e");
            try (DurableSubscriber subscriber = DurableSubscriber.open(new DurableSubscriber.Settings(
                    cluster.clusterId(),
                    "subscriber",
                    List.of(e.clientUrl()),
                    "orders",
                    "durable",
                    1024,
                    Duration.ofSeconds(5)))) {
                await().atMost(LIMIT)
                        .until(() -> subscriber
                                .record()
                                .missing(ledger.acknowledged())
                                .isEmpty());
                assertThat(subscriber.record().tally().violations()).isEmpty();
            }
        }
    }

    private static void publish(Publisher publisher) {
        try {
            publisher.publish(MESSAGES, PER_SECOND);
        } catch (Exception e) {
            throw new IllegalStateException("publishing failed", e);
        }
    }

    private static void awaitWaiting(NodeProcess node) {
        await().atMost(LIMIT).until(() -> node.monitor().health().contains("no member of the cluster yet"));
    }

    private static void awaitWaitingForLong(NodeProcess node) {
        awaitWaiting(node);
        await().during(OPERATOR_THINKS).atMost(LIMIT).until(node::isAlive);
    }

    /** What the command prints. */
    private static String operator(NodePlan asked, String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(
                List.of(Installation.launcher().toString(), "cluster", "--peer", "127.0.0.1:" + asked.peerPort()));
        line.addAll(List.of(command));
        Path answer = Files.createTempFile(asked.directory(), "operator", ".txt");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(answer.toFile())
                .start();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(answer, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
