package io.stanchion.node.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.Message;
import io.nats.streaming.StreamingConnection;
import io.nats.streaming.Subscription;
import io.nats.streaming.SubscriptionOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits over the wire, on a node that is alone and in a cluster. */
class LimitsIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Channels are named for what is limited. */
    private static final List<String> SETTINGS = List.of("""
            store_limits {
              max_channels: 9
              channels {
                "few.*": { max_msgs: 3 }
                "crowded": { max_subs: 4 }
                "brief.>": { max_inactivity: "1s" }
                "brief.kept": { max_inactivity: 0 }
              }
            }""");

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldDropTheOldestAndLetLaggingSubscribersJump(int nodes) throws Exception {
        try (TestCluster cluster = TestCluster.start(nodes, SETTINGS);
                StanClients clients = new StanClients(cluster)) {
            StreamingConnection session = clients.open("alice", cluster.nodes().get(0));
            Received slow = new Received();
            session.subscribe(
                    "few.orders",
                    slow,
                    options().deliverAllAvailable().maxInFlight(1).manualAcks().build());
            Received group = new Received();
            session.subscribe(
                    "few.orders",
                    "g",
                    group,
                    options().deliverAllAvailable().maxInFlight(1).manualAcks().build());
            publish(session, "few.orders", "1");
            slow.awaitTexts("1");
            group.awaitTexts("1");
            publish(session, "few.orders", "2", "3", "4", "5", "6");
            slow.all().get(0).ack();
            group.all().get(0).ack();
            slow.awaitTexts("1", "4");
            group.awaitTexts("1", "4");
            assertThat(slow.all()).noneMatch(Message::isRedelivered);

            publish(session, "many", "1", "2", "3", "4", "5", "6");
            Received all = new Received();
            session.subscribe("many", all, options().deliverAllAvailable().build());
            all.awaitCount(6);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldRefuseWhatIsTooManyAndWhatDiffersInCaseOnlyAfterARestartToo(int nodes) throws Exception {
        try (TestCluster cluster = TestCluster.start(nodes, SETTINGS);
                StanClients clients = new StanClients(cluster)) {
            StreamingConnection session = clients.open("alice", cluster.nodes().get(0));
            subscribeInAllWays(session);
            publish(session, "Foo", "1");
            refuse(
                    () -> publish(session, "foo", "1"),
                    "rejecting channel \"foo\" because channel \"Foo\" alreay exists");
            for (int i = 3; i <= 9; i++) {
                publish(session, "channel." + i, "1");
            }
            AtomicInteger acked = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            for (int i = 0; i < 200; i++) { // good and bad ones share their batches
                String channel = List.of("Foo", "foo", "new." + i, "channel.3").get(i % 4);
                session.publish(channel, new byte[1], (guid, error) -> {
                    (error == null ? acked : refused).incrementAndGet();
                });
            }
            await().atMost(LIMIT).until(() -> acked.get() + refused.get() == 200);
            assertThat(acked).hasValue(100);
            refuse(() -> session.subscribe("tenth", message -> {}), "too many channels");

            TestNode restarted = cluster.awaitLeader();
            restarted.stopAbruptly();
            cluster.restart(restarted);
            StreamingConnection again = clients.open("bob", restarted);
            refuse(() -> publish(again, "foo", "1"), "rejecting channel \"foo\"");
            refuse(() -> publish(again, "tenth", "1"), "too many channels");
            refuse(() -> again.subscribe("crowded", message -> {}), "too many subscriptions per channel");
            Received received = new Received();
            again.subscribe("Foo", received, options().deliverAllAvailable().build());
            received.awaitCount(51);
        }
    }

    private static void subscribeInAllWays(StreamingConnection session) throws Exception {
        session.subscribe("crowded", message -> {});
        Subscription durable = session.subscribe(
                "crowded", message -> {}, options().durableName("d").build());
        session.subscribe("crowded", "g", message -> {}, options().build());
        session.subscribe(
                "crowded", "g", message -> {}, options().durableName("d").build());
        durable.close();
        refuse(() -> session.subscribe("crowded", message -> {}), "too many subscriptions per channel");
        session.subscribe("crowded", message -> {}, options().durableName("d").build());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldDeleteChannelsThatNobodyUses(int nodes) throws Exception {
        try (TestCluster cluster = TestCluster.start(nodes, SETTINGS);
                StanClients clients = new StanClients(cluster)) {
            StreamingConnection session = clients.open("alice", cluster.nodes().get(0));
            publish(session, "brief.alone", "1", "2");
            publish(session, "brief.kept", "1");
            publish(session, "brief.durable", "1");
            session.subscribe(
                            "brief.durable",
                            message -> {},
                            options().durableName("d").build())
                    .close();
            Received online = new Received();
            session.subscribe("brief.online", online, options().build());
            publish(session, "brief.online", "1");

            awaitGone(session, "brief.alone");
            awaitGone(session, "brief.durable");
            // These have been idle for as long.
            assertThat(sequenceOfNext(session, "brief.online")).isEqualTo(2);
            assertThat(sequenceOfNext(session, "brief.kept")).isEqualTo(2);
            // The durable is another one now, and starts where it wants to.
            Received anew = new Received();
            session.subscribe("brief.durable", anew, options().durableName("d").build());
            publish(session, "brief.durable", "new");
            anew.awaitTexts("new");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3})
    void shouldShowOnlyTheNewChannelOfANameAfterAFollowerWasAway(int nodes) throws Exception {
        try (TestCluster cluster = TestCluster.start(nodes, SETTINGS);
                StanClients clients = new StanClients(cluster)) {
            StreamingConnection session = clients.open("alice", cluster.awaitLeader());
            publish(session, "brief.again", "old 1", "old 2", "old 3");
            TestNode away = cluster.awaitFollower();
            away.stopAbruptly();
            awaitGone(session, "brief.again");
            Received kept = new Received();
            session.subscribe("brief.again", kept, options().build());
            publish(session, "brief.again", "new 1", "new 2");
            cluster.restart(away);
            makeLeader(cluster, away);

            Received received = new Received();
            StreamingConnection through = clients.open("bob", away);
            through.subscribe(
                    "brief.again", received, options().deliverAllAvailable().build());
            received.awaitTexts("probe", "new 1", "new 2");
            publish(through, "brief.again", "new 3");
            received.awaitTexts("probe", "new 1", "new 2", "new 3");
            assertThat(received.sequences()).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    /** By taking the others' turn until it leads; each comes back before the next goes. */
    private static void makeLeader(TestCluster cluster, TestNode wanted) {
        for (int tries = 0; !wanted.isLeader(); tries++) {
            assertThat(tries).isLessThan(20);
            TestNode stopped = cluster.stopLeader();
            cluster.awaitLeader();
            cluster.restart(stopped);
        }
    }

    private static void awaitGone(StreamingConnection session, String channel) {
        // Looking must not keep it alive: a subscriber that asks for all there is is one, so wait first.
        await().atMost(LIMIT)
                .pollDelay(Duration.ofMillis(1_500))
                .pollInterval(Duration.ofMillis(1_500))
                .untilAsserted(
                        () -> assertThat(sequenceOfNext(session, channel)).isEqualTo(1));
    }

    private static long sequenceOfNext(StreamingConnection session, String channel) throws Exception {
        Received received = new Received();
        Subscription subscription =
                session.subscribe(channel, received, options().build());
        publish(session, channel, "probe");
        received.awaitCount(1);
        subscription.close();
        return received.all().get(0).getSequence();
    }

    private static void refuse(org.assertj.core.api.ThrowableAssert.ThrowingCallable action, String text) {
        assertThatThrownBy(action).isInstanceOf(IOException.class).hasMessageContaining(text);
    }

    private static void publish(StreamingConnection session, String channel, String... texts) throws Exception {
        for (String text : texts) {
            session.publish(channel, text.getBytes(UTF_8));
        }
    }

    private static SubscriptionOptions.Builder options() {
        return new SubscriptionOptions.Builder();
    }
}
