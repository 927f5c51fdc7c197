package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.stan.Ack;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.proto.stan.StartPosition;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sections 6.2 to 6.4, 6.6 and 6.7: windows, deadlines, flags and counts. */
class RedeliveryConformanceIT extends ConformanceTestBase {
    /** Long enough for a slow machine to acknowledge in time. */
    private static final int WAIT = millis(600);

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 23")
    void shouldDeliverNoMoreThanTheWindowThoughItRedelivers(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription subscription =
                session.subscribe(channel, options -> options.setMaxInFlight(2).setAckWaitInSecs(WAIT));
        session.publish(channel, "1", "2", "3", "4");
        subscription.awaitNew("1", "2");
        subscription.expectSilence();
        world().disturb(way);
        subscription.awaitRedelivered("1", "2");
        subscription.awaitRedelivered("1", "2");
        subscription.ack(1);
        MsgProto next = subscription.take();
        while (next.getRedelivered()) {
            next = subscription.take(); // 2 may have come once more before the ack
        }
        assertThat(next.getData().toStringUtf8()).isEqualTo("3");
    }

    /** In the reference the count begins again when the leader changes; ours is part of the state, and goes on. */
    @ParameterizedTest
    @EnumSource
    @DisplayName("row 24")
    void shouldCountTheRedeliveriesOfEachMessageForEachSubscription(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription subscription = session.subscribe(channel, options -> options.setAckWaitInSecs(WAIT));
        session.publish(channel, "1");
        subscription.awaitNew("1");
        assertThat(subscription.take().getRedeliveryCount()).isEqualTo(1);
        world().disturb(way);
        assertThat(subscription.take().getRedeliveryCount()).isEqualTo(2);
        assertThat(subscription.take().getRedeliveryCount()).isEqualTo(3);

        RawSubscription another = session.subscribe(channel, options -> options.setStartPosition(StartPosition.First));
        another.awaitNew("1");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("6.4: once per ack wait, and only what is not acknowledged")
    void shouldRedeliverOncePerAckWait(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription subscription = session.subscribe(channel, options -> options.setAckWaitInSecs(WAIT));
        long sent = System.nanoTime();
        for (int i = 1; i <= 10; i++) {
            session.publish(channel, "" + i);
        }
        subscription.take(10);
        subscription.ack(1, 2, 3, 4, 6, 7, 8, 9);
        subscription.awaitRedelivered("5", "10");
        subscription.awaitRedelivered("5", "10");
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
        subscription.ack(5, 10);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("6.6: acks that mean nothing")
    void shouldPassOverAcksThatMeanNothing(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription subscription =
                session.subscribe(channel, options -> options.setMaxInFlight(1).setAckWaitInSecs(WAIT));
        session.publish(channel, "1", "2");
        subscription.awaitNew("1");
        subscription.ack(0, 2, 3, -1, Long.MIN_VALUE); // none of them was sent
        session.stan().ack("_INBOX.stan-ack-it-cluster.nobody", channel, 1);
        session.stan()
                .nats()
                .publish(
                        subscription.ackInbox(),
                        null,
                        Ack.newBuilder().setSubject(channel).build().toByteArray());
        subscription.awaitRedelivered("1");
        subscription.ack(1, 1, 1);
        subscription.awaitNew("2");
        subscription.ack(2);
        assertThat(subscription.poll(Duration.ofMillis(800))).isNull();
    }
}
