package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.node.it.RawNatsClient.RawMessage;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.proto.stan.PubAck;
import io.stanchion.proto.stan.PubMsg;
import io.stanchion.proto.stan.StartPosition;
import io.stanchion.proto.stan.SubscriptionRequest;
import io.stanchion.proto.stan.SubscriptionResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sections 5.1 to 5.3 and 5.7: new subscriptions, where they begin, and how they end. */
class SubscribeConformanceIT extends ConformanceTestBase {
    private static final int KEPT = 5;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** Other tests for which ack waits must be as the protocol has them share these nodes. */
    static final String SETTINGS = "store_limits { max_msgs: " + KEPT + " }";

    SubscribeConformanceIT() {
        super(SETTINGS);
    }

    private static final List<Begin> BEGINS = List.of(
            new Begin("new only", options -> options.setStartPosition(StartPosition.NewOnly), Long.MAX_VALUE),
            new Begin("last received", options -> options.setStartPosition(StartPosition.LastReceived), -1),
            new Begin("first", SubscribeConformanceIT::first, 0),
            new Begin("sequence 0", options -> sequence(options, 0), 0),
            new Begin("sequence 4", options -> sequence(options, 4), 4),
            new Begin("sequence beyond the last", options -> sequence(options, 100), Long.MAX_VALUE),
            new Begin("sequence 2^64 - 1", options -> sequence(options, -1), Long.MAX_VALUE),
            new Begin("a minute ago", options -> ago(options, MINUTE_NANOS), 0),
            new Begin("long before 1970", options -> ago(options, Long.MAX_VALUE), 0),
            new Begin("now", options -> ago(options, 0), Long.MAX_VALUE),
            new Begin("in a minute", options -> ago(options, -MINUTE_NANOS), Long.MAX_VALUE));

    /** Where a subscription may begin; {@code from} is the sequence, -1 for the last one. */
    private record Begin(String name, UnaryOperator<SubscriptionRequest.Builder> options, long from) {
        /** Of a channel that holds these, and of the one message that follows. */
        List<Long> expected(long first, long last) {
            long begin = from < 0 ? Math.max(1, last) : Math.max(from, first);
            return LongStream.rangeClosed(Math.min(begin, last + 1), last + 1)
                    .boxed()
                    .toList();
        }
    }

    private static SubscriptionRequest.Builder first(SubscriptionRequest.Builder options) {
        return options.setStartPosition(StartPosition.First);
    }

    private static SubscriptionRequest.Builder sequence(SubscriptionRequest.Builder options, long sequence) {
        return options.setStartPosition(StartPosition.SequenceStart).setStartSequence(sequence);
    }

    private static SubscriptionRequest.Builder ago(SubscriptionRequest.Builder options, long nanos) {
        return options.setStartPosition(StartPosition.TimeDeltaStart).setStartTimeDelta(nanos);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 11: empty, full, trimmed")
    void shouldBeginWhereTheStartPositionSays(Way way) throws Exception {
        RawSession session = session(way);
        Map<String, Integer> channels = new LinkedHashMap<>();
        for (int published : List.of(0, KEPT, 2 * KEPT)) {
            String channel = unused();
            channels.put(channel, published);
            for (int i = 1; i <= published; i++) {
                session.publish(channel, "" + i);
            }
        }
        world().disturb(way);
        for (Map.Entry<String, Integer> channel : channels.entrySet()) {
            int published = channel.getValue();
            beginEverywhere(session, channel.getKey(), Math.max(1, published - KEPT + 1), published);
        }
    }

    private static void beginEverywhere(RawSession session, String channel, long first, long last) throws Exception {
        List<RawSubscription> subscriptions = new ArrayList<>();
        for (Begin begin : BEGINS) {
            subscriptions.add(session.subscribe(channel, begin.options));
            subscriptions.add(session.subscribe(
                    channel, options -> begin.options.apply(options).setQGroup("group " + begin.name)));
        }
        session.publish(channel, "one more");
        for (int i = 0; i < subscriptions.size(); i++) {
            Begin begin = BEGINS.get(i / 2);
            List<Long> expected = begin.expected(first, last);
            // The message that followed may have trimmed the first one, which may have been delivered before.
            List<MsgProto> taken = subscriptions.get(i).take(expected.size());
            assertThat(RawSubscription.sequences(taken))
                    .as("%s of %d..%d", begin.name, first, last)
                    .isEqualTo(expected);
        }
    }

    @Test
    @DisplayName("row 11: everything expired")
    void shouldBeginBehindTheLastWhenEverythingHasExpired() throws Exception {
        try (TestCluster node = TestCluster.start(1, List.of("store_limits { max_age: \"1s\" }"));
                RawStanClient stan = new RawStanClient(node.awaitLeader().clientPort(), node.clusterId())) {
            RawSession session = session(stan, "s");
            session.publish("aged", "1", "2", "3");
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        RawSubscription all = session.subscribe("aged", SubscribeConformanceIT::first);
                        boolean expired = all.poll(Duration.ofMillis(100)) == null;
                        all.close();
                        return expired;
                    });
            for (Begin begin : BEGINS) {
                RawSubscription subscription = session.subscribe("aged", begin.options);
                subscription.expectSilence();
                subscription.close();
            }
            RawSubscription first = session.subscribe("aged", SubscribeConformanceIT::first);
            session.publish("aged", "4");
            assertThat(first.take().getSequence()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 10, O3, O4")
    void shouldAnswerBeforeTheFirstDeliveryThoughPublishesRace(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawNatsClient nats = session.stan().nats();
        String answers = session.stan().newInbox();
        String prefix = session.stan().newInbox();
        // One queue for both the answer and the deliveries shows their order on the wire.
        BlockingQueue<RawMessage> both = nats.subscribe(prefix + ".>");
        BlockingQueue<RawMessage> pubAcks = nats.subscribe(answers);
        for (int i = 0; i < 20; i++) {
            PubMsg message =
                    message(channel, "" + i).setClientId(session.clientId()).build();
            nats.publish("_STAN.pub.it-cluster." + channel, answers, message.toByteArray());
            if (i == 10) {
                nats.publish(
                        "_STAN.sub.it-cluster",
                        prefix + ".answer",
                        RawStanClient.subscription(session.clientId(), channel, prefix + ".delivery")
                                .setStartPosition(StartPosition.First)
                                .build()
                                .toByteArray());
            }
        }
        world().disturb(way);
        for (int i = 0; i < 20; i++) {
            assertThat(PubAck.parseFrom(RawNatsClient.take(pubAcks, "a PubAck").payload())
                            .getError())
                    .isEmpty();
        }
        RawMessage first = RawNatsClient.take(both, "the answer");
        assertThat(first.subject()).isEqualTo(prefix + ".answer");
        String ackInbox = SubscriptionResponse.parseFrom(first.payload()).getAckInbox();
        assertThat(ackInbox).startsWith("_INBOX.");
        MsgProto delivered = RawStanClient.take(both);
        assertThat(delivered.getRedelivered() && way != Way.LEADER_LOST).isFalse();
        session.stan().ack(ackInbox, channel, delivered.getSequence());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("O6: requests on one subject are done in the order of their arrival")
    void shouldAnswerPipelinedSubscribesInTheirOrder(Way way) throws Exception {
        RawSession session = session(way);
        world().disturb(way);
        String channel = unused();
        String prefix = session.stan().newInbox();
        BlockingQueue<RawMessage> answers = session.stan().nats().subscribe(prefix + ".*");
        String inbox = session.stan().newInbox();
        session.stan().nats().subscribe(inbox); // a durable that nobody listens to would be resumed
        for (int i = 0; i < 20; i++) {
            SubscriptionRequest request = RawStanClient.subscription(session.clientId(), channel, inbox)
                    .setDurableName("d" + i / 2)
                    .build();
            session.stan().nats().publish("_STAN.sub.it-cluster", prefix + "." + i, request.toByteArray());
        }
        for (int i = 0; i < 20; i++) {
            RawMessage answer = RawNatsClient.take(answers, "an answer");
            assertThat(answer.subject()).isEqualTo(prefix + "." + i);
            assertThat(SubscriptionResponse.parseFrom(answer.payload()).getError())
                    .isEqualTo(i % 2 == 0 ? "" : "stan: duplicate durable registration");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("5.1: the words, and their order")
    void shouldRefuseInTheOrderOfTheReference(Way way) throws Exception {
        RawSession session = session(way);
        world().disturb(way);
        SubscriptionRequest.Builder worst = SubscriptionRequest.newBuilder()
                .setSubject("a..b")
                .setStartPositionValue(5)
                .setQGroup("g")
                .setDurableName("d:e");
        assertThat(error(session, worst)).isEqualTo("stan: clientID missing");
        worst.setClientId("nobody");
        assertThat(error(session, worst)).isEqualTo("stan: invalid ack wait time, should be >= 1s");
        worst.setAckWaitInSecs(1);
        assertThat(error(session, worst)).isEqualTo("stan: invalid MaxInflight, should be >= 1");
        worst.setMaxInFlight(1);
        assertThat(error(session, worst)).isEqualTo("stan: invalid start position");
        worst.setStartPositionValue(-1);
        assertThat(error(session, worst)).isEqualTo("stan: invalid start position");
        worst.setStartPositionValue(4);
        assertThat(error(session, worst)).isEqualTo("stan: invalid subject");
        worst.setSubject(unused());
        assertThat(error(session, worst)).isEqualTo("stan: unknown clientID");
        worst.setClientId(session.clientId());
        assertThat(error(session, worst))
                .isEqualTo("stan: durable name of a durable queue subscriber can't contain the character ':'");
        String inbox = session.stan().newInbox();
        session.stan().nats().subscribe(inbox); // a durable that nobody listens to would be resumed
        worst.clearQGroup().setInbox(inbox);
        assertThat(error(session, worst)).isEmpty(); // a colon is fine in a plain durable's name
        assertThat(error(session, worst)).isEqualTo("stan: duplicate durable registration");
    }

    private static String error(RawSession session, SubscriptionRequest.Builder request) throws Exception {
        return session.stan().subscribe(request.build()).getError();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("5.7: lookup, errors")
    void shouldFindWhatIsToEndByAckInboxOrDeliveryInbox(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSession other = session(session.stan(), unused());
        RawSubscription one = session.subscribe(channel, options -> options);
        RawSubscription two = session.subscribe(channel, options -> options);
        world().disturb(way);

        for (boolean unsubscribe : new boolean[] {true, false}) {
            assertThat(endError(session, "no-such-channel", one.ackInbox(), unsubscribe))
                    .isEqualTo("stan: unknown channel");
            assertThat(endError(session, channel, "_INBOX.nobody", unsubscribe))
                    .isEqualTo("stan: invalid subscription");
            assertThat(endError(session, channel, "", unsubscribe)).isEqualTo("stan: invalid subscription");
            assertThat(endError(other, channel, one.ackInbox(), unsubscribe)).isEqualTo("stan: unknown clientID");
            assertThat(endError(other, channel, one.inbox(), unsubscribe)).isEqualTo("stan: unknown clientID");
            assertThat(endError(new RawSession(session.stan(), "nobody"), channel, one.ackInbox(), unsubscribe))
                    .isEqualTo("stan: unknown clientID");
        }
        assertThat(endError(session, channel, one.inbox(), true)).isEmpty();
        assertThat(endError(session, channel, two.inbox(), false)).isEmpty();
        assertThat(one.unsubscribeError()).isEqualTo("stan: invalid subscription");
        assertThat(two.closeError()).isEqualTo("stan: invalid subscription");
    }

    private static String endError(RawSession session, String channel, String inbox, boolean unsubscribe)
            throws Exception {
        RawStanClient stan = session.stan();
        return (unsubscribe
                        ? stan.unsubscribe(session.ending(channel, inbox))
                        : stan.closeSubscription(session.ending(channel, inbox)))
                .getError();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("5.2: kinds are independent of each other")
    void shouldGiveEachKindOfSubscriptionItsOwnCopy(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSession other = session(session.stan(), unused());
        List<RawSubscription> all = List.of(
                session.subscribe(channel, options -> options),
                session.subscribe(channel, options -> options),
                session.subscribe(channel, options -> options.setDurableName("d")),
                other.subscribe(channel, options -> options.setDurableName("d")),
                session.subscribe(channel, options -> options.setQGroup("g")),
                session.subscribe(channel, options -> options.setQGroup("g").setDurableName("d")),
                session.subscribe(channel, options -> options.setQGroup("d:g")),
                session.subscribe(unused(), options -> options.setDurableName("d")));
        world().disturb(way);
        session.publish(channel, "1");

        for (RawSubscription subscription : all.subList(0, all.size() - 1)) {
            subscription.awaitNew("1");
        }
        all.get(all.size() - 1).expectSilence();
        assertThat(all.stream().map(RawSubscription::ackInbox).distinct()).hasSize(all.size());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEADER_LOST")
    @DisplayName("1.2: inboxes are not looked at")
    void shouldDeliverToAnInboxThatLooksLikeAPattern(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        BlockingQueue<RawMessage> deliveries = session.stan().nats().subscribe("odd.*.inbox");
        SubscriptionResponse response = session.stan()
                .subscribe(RawStanClient.subscription(session.clientId(), channel, "odd.*.inbox")
                        .build());
        assertThat(response.getError()).isEmpty();
        session.publish(channel, "1");
        assertThat(RawStanClient.take(deliveries).getData().toStringUtf8()).isEqualTo("1");
    }
}
