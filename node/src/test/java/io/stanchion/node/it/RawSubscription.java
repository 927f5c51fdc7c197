package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.node.it.RawNatsClient.RawMessage;
import io.stanchion.proto.stan.MsgProto;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A subscription spoken by hand: nothing is acknowledged unless the test says so. */
record RawSubscription(
        RawSession session, String channel, String inbox, String ackInbox, BlockingQueue<RawMessage> deliveries) {

    /** How long nothing must come before we believe that nothing will. */
    private static final Duration SILENCE = Duration.ofMillis(250);

    MsgProto take() throws InvalidProtocolBufferException {
        return RawStanClient.take(deliveries);
    }

    List<MsgProto> take(int count) throws InvalidProtocolBufferException {
        List<MsgProto> taken = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            taken.add(take());
        }
        return taken;
    }

    /** The next deliveries are exactly these texts, for the first time. */
    void awaitNew(String... texts) throws InvalidProtocolBufferException {
        List<MsgProto> taken = take(texts.length);
        assertThat(texts(taken)).containsExactly(texts);
        assertThat(taken).allSatisfy(delivery -> {
            assertThat(delivery.getRedelivered()).isFalse();
            assertThat(delivery.getRedeliveryCount()).isZero();
        });
    }

    /** The next deliveries are exactly these texts, all flagged. */
    void awaitRedelivered(String... texts) throws InvalidProtocolBufferException {
        List<MsgProto> taken = take(texts.length);
        assertThat(texts(taken)).containsExactly(texts);
        assertThat(taken).allMatch(MsgProto::getRedelivered);
    }

    void expectSilence() throws InvalidProtocolBufferException {
        assertThat(poll(SILENCE)).isNull();
    }

    @Nullable
    MsgProto poll(Duration patience) throws InvalidProtocolBufferException {
        try {
            RawMessage next = deliveries.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            return next == null ? null : MsgProto.parseFrom(next.payload());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    void ack(long... sequences) throws IOException {
        for (long sequence : sequences) {
            session.stan().ack(ackInbox, channel, sequence);
        }
    }

    void close() throws IOException {
        assertThat(closeError()).isEmpty();
    }

    String closeError() throws IOException {
        return session.stan()
                .closeSubscription(session.ending(channel, ackInbox))
                .getError();
    }

    void unsubscribe() throws IOException {
        assertThat(unsubscribeError()).isEmpty();
    }

    String unsubscribeError() throws IOException {
        return session.stan().unsubscribe(session.ending(channel, ackInbox)).getError();
    }

    static List<String> texts(List<MsgProto> deliveries) {
        return deliveries.stream()
                .map(delivery -> delivery.getData().toStringUtf8())
                .toList();
    }

    static List<Long> sequences(List<MsgProto> deliveries) {
        return deliveries.stream().map(MsgProto::getSequence).toList();
    }
}
