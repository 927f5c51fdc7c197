package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.stanchion.node.it.RawNatsClient.RawMessage;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.proto.stan.PubAck;
import io.stanchion.proto.stan.PubMsg;
import io.stanchion.proto.stan.StartPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 6.7 and the rows of section 14 about nodes that go and come back. */
class FailoverConformanceIT extends ConformanceTestBase {
    private static final int MANY = 2000;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    @DisplayName("row 30")
    void shouldRecoverEverythingWhenAllNodesRestart(int size) throws Exception {
        try (TestCluster nodes = TestCluster.start(size)) {
            RawSubscription plain;
            RawSubscription member;
            try (RawStanClient stan = open(nodes)) {
                RawSession session = session(stan, "s");
                plain = session.subscribe("c", options -> options);
                member = session.subscribe("c", options -> options.setQGroup("g"));
                RawSubscription durable = session.subscribe("c", options -> options.setDurableName("d"));
                RawSubscription shadow = session.subscribe(
                        "c", options -> options.setDurableName("d").setQGroup("g"));
                session.publish("c", "1", "2");
                for (RawSubscription each : List.of(plain, member, durable, shadow)) {
                    each.awaitNew("1", "2");
                    each.ack(1);
                }
                durable.close();
                shadow.close();
                session.publish("c", "3");
            }
            nodes.nodes().forEach(TestNode::stopAbruptly);
            nodes.nodes().parallelStream().forEach(TestNode::start);
            nodes.awaitReady();
            try (RawStanClient stan = open(nodes)) {
                recovered(new RawSession(stan, "s"), plain, member);
            }
        }
    }

    /** The client is back on its old inboxes, without a connect, as after a break of its connection. */
    private static void recovered(RawSession session, RawSubscription plain, RawSubscription member) throws Exception {
        for (RawSubscription old : List.of(plain, member)) {
            BlockingQueue<RawMessage> deliveries = session.stan().nats().subscribe(old.inbox());
            RawSubscription again = new RawSubscription(session, "c", old.inbox(), old.ackInbox(), deliveries);
            again.awaitRedelivered("2", "3"); // 3 was sent to a connection that had gone
            again.ack(2, 3);
        }
        session.publish("c", "4");
        RawSubscription durable = session.subscribe("c", options -> options.setDurableName("d"));
        durable.awaitRedelivered("2");
        durable.awaitNew("3", "4");
        RawSubscription shadow =
                session.subscribe("c", options -> options.setDurableName("d").setQGroup("g"));
        shadow.awaitRedelivered("2");
        shadow.awaitNew("3", "4");
        assertThat(session.stan().ping("conn-s")).isEmpty();
    }

    private static RawStanClient open(TestCluster nodes) throws Exception {
        return new RawStanClient(nodes.awaitLeader().clientPort(), nodes.clusterId());
    }

    @Test
    @DisplayName("row 31")
    void shouldGoOnWithSessionsAndSubscriptionsAcrossALeaderChange() throws Exception {
        String channel = unused();
        RawSession session = session(Way.LEADER_LOST);
        RawSubscription subscription = session.subscribe(channel, options -> options.setMaxInFlight(2 * MANY));
        BlockingQueue<RawMessage> acks = publishMany(session, channel, 0, MANY / 2);
        RawNatsClient.take(acks, "the first PubAck");
        world().disturb(Way.LEADER_LOST);
        BlockingQueue<RawMessage> acksAfter = publishMany(session, channel, MANY / 2, MANY);
        awaitAcks(acks, 1, MANY / 2);
        awaitAcks(acksAfter, MANY / 2, MANY);

        long lastNew = 0;
        TreeSet<Long> seen = new TreeSet<>();
        while (seen.size() < MANY) {
            MsgProto next = subscription.take();
            if (seen.add(next.getSequence())) {
                assertThat(next.getSequence())
                        .as("first deliveries are in order")
                        .isGreaterThan(lastNew);
                lastNew = next.getSequence();
                assertThat(next.getData().toStringUtf8()).isEqualTo("" + (lastNew - 1));
            } else {
                assertThat(next.getRedelivered()).isTrue();
            }
        }
        assertThat(seen)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, MANY).boxed().toList());
    }

    private static BlockingQueue<RawMessage> publishMany(RawSession session, String channel, int from, int to)
            throws Exception {
        String inbox = session.stan().newInbox();
        BlockingQueue<RawMessage> acks = session.stan().nats().subscribe(inbox);
        for (int i = from; i < to; i++) {
            PubMsg message =
                    message(channel, "" + i).setClientId(session.clientId()).build();
            session.stan().nats().publish("_STAN.pub.it-cluster." + channel, inbox, message.toByteArray());
        }
        return acks;
    }

    private static void awaitAcks(BlockingQueue<RawMessage> acks, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            PubAck ack = PubAck.parseFrom(RawNatsClient.take(acks, "a PubAck").payload());
            assertThat(ack.getError()).isEmpty();
            assertThat(ack.getGuid()).isEqualTo("guid-" + i);
        }
    }

    @Test
    @DisplayName("row 32")
    void shouldLoseNothingWhenTheLeaderIsLostRightAfterAcks() throws Exception {
        String channel = unused();
        RawSession session = session(Way.LEADER_LOST);
        RawSubscription subscription = session.subscribe(channel, options -> options.setMaxInFlight(2));
        session.publish(channel, "1", "2", "3", "4", "5");
        subscription.awaitNew("1", "2");
        subscription.ack(1, 2);
        world().disturb(Way.LEADER_LOST);

        TreeSet<Long> seen = new TreeSet<>(List.of(1L, 2L));
        while (seen.size() < 5) {
            MsgProto next = subscription.take();
            seen.add(next.getSequence());
            subscription.ack(next.getSequence());
        }
        assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    @DisplayName("row 33")
    void shouldHaveTheFullStateWhenANodeThatWasAwayBeyondCompactionLeads() throws Exception {
        try (TestCluster nodes = TestCluster.start(3, List.of("raft_log_budget: 64MB"))) {
            TestNode absent = nodes.awaitFollower();
            absent.stopAbruptly();
            try (RawStanClient stan = open(nodes)) {
                RawSession session = session(stan, "s");
                RawSubscription durable = session.subscribe("c", options -> options.setDurableName("d"));
                session.publish("c", "1", "2", "3");
                durable.awaitNew("1", "2", "3");
                durable.ack(1);
                durable.close();
                fillUntilTheLogIsCut(nodes.awaitLeader(), session);
            }
            nodes.restart(absent);
            nodes.transfer(absent);
            try (RawStanClient stan = new RawStanClient(absent.clientPort(), nodes.clusterId())) {
                RawSession session = new RawSession(stan, "s");
                session.subscribe("c", options -> options.setStartPosition(StartPosition.First))
                        .awaitNew("1", "2", "3");
                session.subscribe("c", options -> options.setDurableName("d")).awaitRedelivered("2", "3");
            }
        }
    }

    /** Until what the absent node has is too old for the leader's log. */
    private static void fillUntilTheLogIsCut(TestNode leader, RawSession session) throws Exception {
        byte[] large = new byte[900_000];
        for (int i = 0; i < 200 && hasFirstEntry(leader); i++) {
            PubMsg message = message("filler", "" + i)
                    .setClientId(session.clientId())
                    .setData(ByteString.copyFrom(large))
                    .build();
            assertThat(session.stan().publish("filler", message).getError()).isEmpty();
        }
        assertThat(hasFirstEntry(leader)).isFalse();
    }

    private static boolean hasFirstEntry(TestNode node) throws IOException {
        try (Stream<Path> files = Files.walk(node.data().resolve("raft"))) {
            return files.anyMatch(file -> file.getFileName().toString().matches("log_(inprogress_)?0(-\\d+)?"));
        }
    }
}
