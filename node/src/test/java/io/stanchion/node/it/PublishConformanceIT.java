package io.stanchion.node.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.stanchion.node.it.RawNatsClient.RawMessage;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.proto.stan.PubAck;
import io.stanchion.proto.stan.PubMsg;
import io.stanchion.proto.stan.StartPosition;
import io.stanchion.proto.stan.SubscriptionRequest;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Section 4: what is stored, what is refused, and what the publisher is told. */
class PublishConformanceIT extends ConformanceTestBase {
    private static final int MANY = 1000;
    private static final int PAYLOAD_MAX = 1 << 20;

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 8, O1, O2, O7")
    void shouldStoreAThousandAsynchronousPublishesInOrderThoughACloseFollows(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        BlockingQueue<RawMessage> acks = publishMany(session, channel);
        world().disturb(way);
        session.close();

        for (int i = 0; i < MANY; i++) {
            PubAck ack = PubAck.parseFrom(RawNatsClient.take(acks, "a PubAck").payload());
            assertThat(ack.getError()).isEmpty();
            assertThat(ack.getGuid()).isEqualTo("guid-" + i);
        }
        List<MsgProto> stored =
                session(way).subscribe(channel, PublishConformanceIT::fromFirst).take(MANY);
        assertThat(RawSubscription.sequences(stored))
                .isEqualTo(LongStream.rangeClosed(1, MANY).boxed().toList());
        assertThat(stored.get(MANY - 1).getData().toStringUtf8()).isEqualTo("" + (MANY - 1));
        assertThat(stored).isSortedAccordingTo((one, next) -> Long.compare(one.getTimestamp(), next.getTimestamp()));
    }

    private static BlockingQueue<RawMessage> publishMany(RawSession session, String channel) throws Exception {
        RawNatsClient nats = session.stan().nats();
        String ackInbox = session.stan().newInbox();
        BlockingQueue<RawMessage> acks = nats.subscribe(ackInbox);
        for (int i = 0; i < MANY; i++) {
            PubMsg message =
                    message(channel, "" + i).setClientId(session.clientId()).build();
            nats.publish("_STAN.pub.it-cluster." + channel, ackInbox, message.toByteArray());
        }
        return acks;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("1.2, 4.3: every field, no de-duplication by guid")
    void shouldStoreWhatWasPublishedAsOftenAsItWas(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription subscription = session.subscribe(channel, options -> options);
        PubMsg message = message(channel, "twice")
                .setClientId(session.clientId())
                .setReply("answer.here")
                .setSha256(ByteString.copyFromUtf8("ignored"))
                .build();
        session.stan().publish(channel, message);
        session.stan().publish(channel, message);
        PubMsg empty = PubMsg.newBuilder(message).clearData().clearReply().build();
        assertThat(session.stan().publish(channel, empty).getError()).isEmpty();

        List<MsgProto> stored = subscription.take(3);
        assertThat(RawSubscription.texts(stored)).containsExactly("twice", "twice", "");
        assertThat(stored).extracting(MsgProto::getReply).containsExactly("answer.here", "answer.here", "");
        assertThat(stored).allSatisfy(delivery -> {
            assertThat(delivery.getSubject()).isEqualTo(channel);
            assertThat(delivery.getTimestamp()).isPositive();
            assertThat(delivery.getCrc32()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("1.2: the subject in the payload is the channel")
    void shouldNotCompareTheChannelWithTheSubjectItCameOn(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription subscription = session.subscribe(channel, options -> options);
        PubMsg message =
                message(channel, "here").setClientId(session.clientId()).build();
        assertThat(session.stan().publish("elsewhere.altogether", message).getError())
                .isEmpty();
        subscription.awaitNew("here");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("1.1: a publish without a reply subject")
    void shouldStoreAPublishThatWantsNoPubAck(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription subscription = session.subscribe(channel, options -> options);
        PubMsg message =
                message(channel, "silent").setClientId(session.clientId()).build();
        session.stan().nats().publish("_STAN.pub.it-cluster." + channel, null, message.toByteArray());
        subscription.awaitNew("silent");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("4.1, 4.2, W5: refusals harm no neighbour")
    void shouldRefuseBadChannelNamesBetweenGoodPublishes(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawNatsClient nats = session.stan().nats();
        List<String> bad = List.of("", "a/b", ".a", "a.", "a..b", "a.*", "a.>", "*", ">", "a*b", "a>b");
        String ackInbox = session.stan().newInbox();
        BlockingQueue<RawMessage> acks = nats.subscribe(ackInbox);
        for (String name : bad) {
            for (String target : List.of(channel, name)) {
                PubMsg message =
                        message(target, "x").setClientId(session.clientId()).build();
                nats.publish("_STAN.pub.it-cluster.x", ackInbox, message.toByteArray());
            }
        }
        int refused = 0;
        for (int i = 0; i < 2 * bad.size(); i++) {
            PubAck ack = PubAck.parseFrom(RawNatsClient.take(acks, "a PubAck").payload());
            assertThat(ack.getGuid()).isEqualTo("guid-x");
            assertThat(ack.getError()).isIn("", "stan: invalid publish request");
            refused += ack.getError().isEmpty() ? 0 : 1;
        }
        assertThat(refused).isEqualTo(bad.size());
        assertThat(session.subscribe(channel, PublishConformanceIT::fromFirst).take(bad.size()))
                .extracting(MsgProto::getSequence)
                .isEqualTo(LongStream.rangeClosed(1, bad.size()).boxed().toList());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("4.2: what else may be a channel name")
    void shouldTakeAnyOtherChannelName(Way way) throws Exception {
        RawSession session = session(way);
        for (String name :
                List.of("with blank", "\u00fcber.\u6f22", "a.b.c.d.e.f", "tab\there", "$SYS.looks.like.it")) {
            String channel = unused() + name;
            RawSubscription subscription = session.subscribe(channel, options -> options);
            PubMsg message =
                    message(channel, "x").setClientId(session.clientId()).build();
            assertThat(session.stan().publish("any", message).getError()).isEmpty();
            subscription.awaitNew("x");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("4.1: unknown session; order of checks")
    void shouldRefuseTheUnknownAndTheIncomplete(Way way) throws Exception {
        RawSession session = session(way);
        PubMsg good = message(unused(), "x").setClientId(session.clientId()).build();
        List<PubMsg> bad = List.of(
                PubMsg.newBuilder(good).setClientId("nobody").build(),
                PubMsg.newBuilder(good).clearClientId().build(),
                PubMsg.newBuilder(good).clearGuid().build(),
                PubMsg.newBuilder(good)
                        .setConnId(ByteString.copyFromUtf8("nobody"))
                        .build(),
                PubMsg.getDefaultInstance());
        for (PubMsg message : bad) {
            PubAck ack = session.stan().publish("any", message);
            assertThat(ack.getError()).isEqualTo("stan: invalid publish request");
            assertThat(ack.getGuid()).isEqualTo(message.getGuid());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEADER_LOST")
    @DisplayName("W21: a MsgProto may be longer than the PubMsg that carried it")
    void shouldDeliverAMessageOfExactlyTheLargestPayload(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription subscription = session.subscribe(channel, options -> options);
        PubMsg frame = PubMsg.newBuilder()
                .setClientId(session.clientId())
                .setGuid("g")
                .setSubject(channel)
                .build();
        int overhead = PubMsg.newBuilder(frame)
                        .setData(ByteString.copyFrom(new byte[PAYLOAD_MAX / 2]))
                        .build()
                        .getSerializedSize()
                - PAYLOAD_MAX / 2;
        PubMsg full = PubMsg.newBuilder(frame)
                .setData(ByteString.copyFrom("x".repeat(PAYLOAD_MAX - overhead).getBytes(UTF_8)))
                .build();
        assertThat(full.getSerializedSize()).isEqualTo(PAYLOAD_MAX);

        assertThat(session.stan().publish(channel, full).getError()).isEmpty();
        session.publish(channel, "after");
        assertThat(subscription.take().getData()).isEqualTo(full.getData());
        subscription.awaitNew("after");
    }

    private static SubscriptionRequest.Builder fromFirst(SubscriptionRequest.Builder options) {
        return options.setStartPosition(StartPosition.First).setMaxInFlight(MANY);
    }
}
