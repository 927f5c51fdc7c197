package io.stanchion.node.it;

import static io.stanchion.node.it.ClusterTestBase.options;
import static io.stanchion.node.it.ClusterTestBase.subscribe;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.streaming.StreamingConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three nodes with a log of their own, whose clients are at a NATS server elsewhere. */
class ExternalClusterIT {
    private PlainNats nats;
    private TestCluster cluster;

    @BeforeEach
    void start() throws IOException {
        nats = new PlainNats();
        cluster = TestCluster.start(3, List.of(nats.setting()));
    }

    @AfterEach
    void stop() throws Exception {
        nats.close();
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void shouldAnswerARequestOnce() throws Exception {
        Connection client = nats.connect();
        Queue<String> answers = new ConcurrentLinkedQueue<>();
        client.createDispatcher(answer -> answers.add(new String(answer.getData(), UTF_8)))
                .subscribe("_INBOX.answers");
        for (int i = 0; i < 50; i++) {
            client.publish("_STAN.discover." + cluster.clusterId(), "_INBOX.answers", new byte[0]);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> answers.size() >= 50);
        assertThat(answers).hasSize(50).allMatch(answer -> answer.contains("stan: invalid connection request"));

        nats.open(cluster.clusterId(), "a-round-trip-later");
        assertThat(answers).hasSize(50);
    }

    @Test
    void shouldGoOnWithTheNextLeader() throws Exception {
        StreamingConnection subscriber = nats.open(cluster.clusterId(), "subscriber");
        Received received =
                subscribe(subscriber, "orders", options().durableName("d").deliverAllAvailable());
        try (RawStanClient publisher = new RawStanClient(nats.port(), cluster.clusterId())) {
            publisher.connect("publisher");
            for (int i = 1; i <= 100; i++) {
                if (i == 50) {
                    cluster.stopLeader();
                }
                publishUntilStored(subscriber, Integer.toString(i));
            }
        }
        List<String> all =
                IntStream.rangeClosed(1, 100).mapToObj(Integer::toString).toList();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(new LinkedHashSet<>(received.texts())).containsExactlyElementsOf(all));
        nats.open(cluster.clusterId(), "newcomer");
    }

    /** While nobody leads, nobody takes a publish; its ack does not come, and it is for the publisher to try again. */
    private static void publishUntilStored(StreamingConnection session, String text) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            try {
                session.publish("orders", text.getBytes(UTF_8));
                return true;
            } catch (TimeoutException | IOException e) {
                return false;
            }
        });
    }

    @Test
    void shouldServeAgainWhenNatsWasAway() throws Exception {
        nats.open(cluster.clusterId(), "before").publish("orders", "1".getBytes(UTF_8));
        TestNode leader = cluster.awaitLeader();
        nats.stop();
        await().until(() -> cluster.nodes().stream().noneMatch(TestNode::isReady));
        await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(6)).until(leader::isLeader);
        nats.start();
        cluster.awaitReady();

        StreamingConnection after = nats.open(cluster.clusterId(), "after");
        after.publish("orders", "2".getBytes(UTF_8));
        subscribe(after, "orders", options().deliverAllAvailable()).awaitTexts("1", "2");
    }
}
