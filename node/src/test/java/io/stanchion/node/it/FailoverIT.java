package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.Message;
import io.nats.streaming.StreamingConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each test loses a node of its own cluster. */
class FailoverIT {
    private static final int MESSAGES = 100_000;

    private TestCluster cluster;
    private StanClients clients;

    @BeforeEach
    void startCluster() throws Exception {
        cluster = TestCluster.start(3);
        clients = new StanClients(cluster);
    }

    @AfterEach
    void stopCluster() throws Exception {
        clients.close();
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverEveryAcknowledgedMessageInOrderWhenTheLeaderDies(Through through) throws Exception {
        TestNode leader = cluster.awaitLeader();
        TestNode gateway = through.of(cluster);
        StreamingConnection publisher =
                clients.open("publisher", gateway, options -> options.pubAckWait(Duration.ofSeconds(10)));
        // The subscriber shares the fate of the gateway: with the leader's, it loses its connection too.
        StreamingConnection subscriber = clients.open("subscriber", gateway);
        Received received = new Received();
        subscriber.subscribe(
                "orders",
                received,
                ClusterTestBase.options()
                        .durableName("d")
                        .deliverAllAvailable()
                        .ackWait(Duration.ofSeconds(2))
                        .build());

        Outcome outcome = publishWhile(publisher, leader);

        if (through == Through.FOLLOWER) {
            assertThat(outcome.failures())
                    .as("a follower's client must not notice")
                    .isEmpty();
        }
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(
                                missing(outcome.acknowledged(), received).cardinality())
                        .isZero());
        assertOrder(received.all());
    }

    @Test
    void shouldMoveClientsToAnotherNodeWhenTheirsDies() throws Exception {
        TestNode follower = cluster.awaitFollower();
        StreamingConnection session = clients.open("mover", follower);
        Received received = ClusterTestBase.subscribe(
                session,
                "moving",
                ClusterTestBase.options().deliverAllAvailable().ackWait(Duration.ofSeconds(1)));
        ClusterTestBase.publish(session, "moving", "1");
        received.awaitTexts("1");

        follower.stopAbruptly();

        ClusterTestBase.publish(session, "moving", "2", "3");
        await().atMost(Duration.ofSeconds(20)).until(() -> received.texts().containsAll(List.of("1", "2", "3")));
    }

    @Test
    void shouldCatchUpAndLeadWhenADeadNodeComesBack() throws Exception {
        TestNode dead = cluster.stopLeader();
        StreamingConnection session = clients.open("writer", cluster.awaitLeader());
        ClusterTestBase.publish(session, "history", "1", "2", "3");
        cluster.restart(dead);

        cluster.stopLeader();
        cluster.awaitLeader();

        Received received = ClusterTestBase.subscribe(
                clients.open("reader", dead),
                "history",
                ClusterTestBase.options().deliverAllAvailable());
        received.awaitTexts("1", "2", "3");
    }

    /** Publishes everything and stops the leader when a third is acknowledged. */
    private Outcome publishWhile(StreamingConnection publisher, TestNode leader) throws Exception {
        Outcome outcome = new Outcome();
        for (int i = 0; i < MESSAGES; i++) {
            int number = i;
            publisher.publish("orders", payload(number), (guid, problem) -> outcome.settle(number, problem));
            if (i == MESSAGES / 3) {
                leader.stopAbruptly();
            }
        }
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> outcome.settledCount() == MESSAGES);
        return outcome;
    }

    private static byte[] payload(int number) {
        return ByteBuffer.allocate(128).putInt(0, number).array();
    }

    private static int number(Message message) {
        return ByteBuffer.wrap(message.getData()).getInt();
    }

    private static BitSet missing(BitSet expected, Received received) {
        BitSet missing = (BitSet) expected.clone();
        received.all().forEach(message -> missing.clear(number(message)));
        return missing;
    }

    /** Unflagged deliveries rise strictly, and the order of sequences is the order of publishing. */
    private static void assertOrder(List<Message> messages) {
        long lastFresh = 0;
        int[] numberOf = new int[2 * MESSAGES];
        for (Message message : messages) {
            int sequence = (int) message.getSequence();
            numberOf[sequence] = number(message) + 1;
            if (!message.isRedelivered()) {
                assertThat(message.getSequence()).isGreaterThan(lastFresh);
                lastFresh = message.getSequence();
            }
        }
        int last = 0;
        for (int number : numberOf) {
            if (number != 0) {
                assertThat(number).isGreaterThan(last);
                last = number;
            }
        }
    }

    /** What the client library said about each publish, on its own threads. */
    private static final class Outcome {
        private final ReentrantLock lock = new ReentrantLock();
        private final BitSet acknowledged = new BitSet();
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger settled = new AtomicInteger();

        void settle(int number, Exception problem) {
            lock.lock();
            try {
                if (problem == null) {
                    acknowledged.set(number);
                } else {
                    failures.add(number + ": " + problem.getMessage());
                }
            } finally {
                lock.unlock();
            }
            settled.incrementAndGet();
        }

        int settledCount() {
            return settled.get();
        }

        List<String> failures() {
            return List.copyOf(failures);
        }

        BitSet acknowledged() {
            lock.lock();
            try {
                return (BitSet) acknowledged.clone();
            } finally {
                lock.unlock();
            }
        }
    }
}
