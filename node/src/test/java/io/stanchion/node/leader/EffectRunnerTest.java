package io.stanchion.node.leader;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Subscriber;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.raftsm.effect.Effect.Deliver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EffectRunnerTest {
    private final LeaderFixture leader = new LeaderFixture();

    @Test
    void shouldSendTheBytesThatProtobufWouldHaveSent() {
        List<byte[]> received = new ArrayList<>();
        leader.router.subscribe(
                Subject.of("inbox"), null, Scope.CLUSTER, m -> received.add(ByteBufUtil.getBytes(m.content())));
        leader.store(300, "reply.to", "hello");
        leader.store(301, "", "");
        leader.perform(deliver(1, "inbox", 300, 301, 0), deliver(1, "inbox", 300, 300, 200));

        MsgProto message = MsgProto.newBuilder()
                .setSequence(300)
                .setSubject("größe")
                .setReply("reply.to")
                .setData(ByteString.copyFromUtf8("hello"))
                .setTimestamp(leader.timestampNanos)
                .build();
        MsgProto empty = MsgProto.newBuilder()
                .setSequence(301)
                .setSubject("größe")
                .setTimestamp(leader.timestampNanos)
                .build();
        assertThat(received)
                .containsExactly(
                        message.toByteArray(),
                        empty.toByteArray(),
                        message.toBuilder()
                                .setRedelivered(true)
                                .setRedeliveryCount(200)
                                .build()
                                .toByteArray());
    }

    @Test
    void shouldPassOverWhatIsNotStoredAnyMore() {
        List<MsgProto> received = leader.subscribe("inbox");
        leader.store(5, "", "a");
        leader.store(7, "", "b");
        leader.perform(deliver(1, "inbox", 1, 9, 0), deliver(1, "inbox", 20, 30, 0));

        assertThat(sequences(received)).containsExactly(5L, 7L);
        assertThat(leader.counters.messagesOut()).isEqualTo(2);
    }

    @Test
    void shouldKeepTheOrderOfOneSubscriptionOverManyPages() {
        List<MsgProto> received = leader.subscribe("inbox");
        for (int i = 1; i <= 3_000; i++) {
            leader.store(i, "", "x".repeat(500));
        }
        leader.perform(deliver(1, "inbox", 1, 1_500, 0));
        leader.perform(deliver(1, "inbox", 1_501, 1_501, 0), deliver(1, "inbox", 1_502, 3_000, 0));

        assertThat(sequences(received))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 3_000).boxed().toList());
        assertThat(leader.reads).hasSizeGreaterThan(10);
        assertThat(leader.counters.messagesOut()).isEqualTo(3_000);
        assertThat(leader.counters.bytesOut())
                .isEqualTo(
                        received.stream().mapToLong(MsgProto::getSerializedSize).sum());
    }

    @Test
    void shouldNotLetALongBacklogHoldUpOthers() {
        List<MsgProto> behind = leader.subscribe("behind");
        List<MsgProto> other = leader.subscribe("other");
        for (int i = 1; i <= 2_000; i++) {
            leader.store(i, "", "x".repeat(1_000));
        }
        leader.term.submit(List.of(deliver(1, "behind", 1, 2_000, 0), deliver(2, "other", 2_000, 2_000, 0)));
        boolean more = leader.term.turn();

        assertThat(more).isTrue();
        assertThat(other).hasSize(1);
        assertThat(behind).hasSizeLessThan(2_000);
        leader.run();
        assertThat(behind).hasSize(2_000);
    }

    @Test
    void shouldWaitForASubscriberWhoseWayIsFullAndServeTheOthersMeanwhile() {
        NarrowSubscriber narrow = new NarrowSubscriber(20);
        leader.router.subscribe(Subject.of("narrow"), null, Scope.CLUSTER, narrow);
        List<MsgProto> other = leader.subscribe("other");
        for (int i = 1; i <= 100; i++) {
            leader.store(i, "", "x");
        }
        leader.perform(deliver(1, "narrow", 1, 40, 0), deliver(1, "narrow", 41, 50, 0), deliver(2, "other", 1, 100, 0));

        assertThat(other).hasSize(100);
        assertThat(narrow.received).hasSizeBetween(20, 49);

        leader.perform(deliver(1, "narrow", 51, 60, 0));
        narrow.room = 1_000;
        leader.run();
        assertThat(narrow.received)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 60).boxed().toList());
    }

    @Test
    void shouldSendOnceWhatWasDueAgainBeforeThereWasRoomForIt() {
        NarrowSubscriber narrow = new NarrowSubscriber(0);
        leader.router.subscribe(Subject.of("narrow"), null, Scope.CLUSTER, narrow);
        for (int i = 1; i <= 5; i++) {
            leader.store(i, "", "x");
        }
        leader.perform(deliver(1, "narrow", 1, 5, 0));
        leader.perform(deliver(1, "narrow", 1, 5, 1));
        narrow.room = 100;
        leader.run();

        assertThat(narrow.received).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void shouldReadSmallerPagesWhenMessagesAreBig() {
        leader.subscribe("inbox");
        for (int i = 1; i <= 40; i++) {
            leader.store(i, "", "x".repeat(100_000));
        }
        leader.perform(deliver(1, "inbox", 1, 40, 0));

        assertThat(leader.reads).startsWith("1..16", "17..17", "18..18").endsWith("40..40");
    }

    @Test
    void shouldReadOnceWhatGoesToMany() {
        List<MsgProto> all = leader.subscribe("inbox.*");
        leader.store(1, "", "a");
        leader.perform(deliver(1, "inbox.1", 1, 1, 0), deliver(2, "inbox.2", 1, 1, 0), deliver(3, "inbox.3", 1, 1, 1));

        assertThat(leader.reads).containsExactly("1..1", "1..1");
        assertThat(all).extracting(MsgProto::getRedeliveryCount).containsExactly(0, 0, 1);
        assertThat(all).extracting(MsgProto::getRedelivered).containsExactly(false, false, true);
    }

    @Test
    void shouldNotReuseAMessageOfAnotherChannel() {
        List<MsgProto> received = leader.subscribe("inbox");
        leader.store(1, "", "a");
        leader.perform(new Deliver(1, "inbox", 1, "one", 1, 1, 0, 0), new Deliver(2, "inbox", 2, "two", 1, 1, 0, 0));

        assertThat(received).extracting(MsgProto::getSubject).containsExactly("one", "two");
    }

    @Test
    void shouldLeaveAMessageToWhoeverKeepsIt() {
        List<ByteBuf> kept = new ArrayList<>();
        leader.router.subscribe(
                Subject.of("inbox"),
                null,
                Scope.CLUSTER,
                m -> kept.add(m.content().retain()));
        leader.store(1, "", "a");
        leader.store(2, "", "b");
        leader.perform(deliver(1, "inbox", 1, 2, 0));
        leader.perform(deliver(1, "inbox", 2, 2, 1));

        assertThat(kept.get(0).refCnt()).isEqualTo(2);
        assertThat(kept.get(0).toString(StandardCharsets.UTF_8)).contains("a");
        kept.get(0).release();
        kept.get(1).release();
        assertThat(kept.get(0).refCnt()).isZero();
        kept.get(2).release();
    }

    @Test
    void shouldSendNothingToWhatIsNoInbox() {
        List<MsgProto> all = leader.subscribe(">");
        leader.store(1, "", "a");
        leader.perform(
                deliver(1, "in box", 1, 1, 0),
                deliver(2, "a\r\nb", 1, 1, 0),
                deliver(3, "", 1, 1, 0),
                deliver(4, "a..b", 1, 1, 0));

        assertThat(all).isEmpty();
    }

    /** Has room until it has received so many. */
    private static final class NarrowSubscriber implements Subscriber {
        final List<Long> received = new ArrayList<>();
        int room;

        NarrowSubscriber(int room) {
            this.room = room;
        }

        @Override
        public boolean deliver(Message message) {
            try {
                return received.add(MsgProto.parseFrom(ByteBufUtil.getBytes(message.content()))
                        .getSequence());
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public boolean hasRoom() {
            return received.size() < room;
        }
    }

    private static Deliver deliver(long subscription, String inbox, long first, long last, int count) {
        return new Deliver(subscription, inbox, 9, "größe", first, last, count, Long.MAX_VALUE - 1);
    }

    private static List<Long> sequences(List<MsgProto> messages) {
        return messages.stream().map(MsgProto::getSequence).toList();
    }
}
