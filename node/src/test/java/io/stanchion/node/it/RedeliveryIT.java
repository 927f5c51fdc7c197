package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.Message;
import io.nats.streaming.StreamingConnection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RedeliveryIT extends ClusterTestBase {
    @ParameterizedTest
    @EnumSource
    void shouldRedeliverOnlyWhatIsNotAcknowledgedWhenTheAckWaitExpires(Through through) throws Exception {
        String channel = "expire-" + through;
        StreamingConnection session = open("expire-" + through, through);
        Received received = subscribe(
                session,
                channel,
                options().manualAcks().ackWait(Duration.ofSeconds(1)).deliverAllAvailable());
        publish(session, channel, "1", "2", "3");
        received.awaitCount(3);
        long before = System.nanoTime();
        received.all().get(0).ack();
        received.all().get(2).ack();

        received.awaitTexts("1", "2", "3", "2");

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(500), Duration.ofSeconds(3));
        Message again = received.all().get(3);
        assertThat(again.isRedelivered()).isTrue();
        assertThat(again.getSequence()).isEqualTo(2);
        again.ack();
        // Once acknowledged it does not come a third time: the next message is the next thing we see.
        publish(session, channel, "4");
        received.awaitCount(5);
        assertThat(received.texts().subList(4, 5)).containsExactly("4");
    }

    @ParameterizedTest
    @EnumSource
    void shouldStopAtMaxInFlightUntilSomethingIsAcknowledged(Through through) throws Exception {
        String channel = "window-" + through;
        StreamingConnection session = open("window-" + through, through);
        Received received = subscribe(
                session, channel, options().manualAcks().maxInFlight(3).deliverAllAvailable());
        Received witness = subscribe(session, channel, options().deliverAllAvailable());
        publish(session, channel, "1", "2", "3", "4", "5");

        // The witness has seen all five on the same connection, so the other would have seen a fourth by now.
        witness.awaitTexts("1", "2", "3", "4", "5");
        assertThat(received.texts()).containsExactly("1", "2", "3");
        received.all().get(0).ack();
        received.awaitTexts("1", "2", "3", "4");
        List<Message> seen = received.all();
        seen.get(1).ack();
        received.awaitTexts("1", "2", "3", "4", "5");
        assertThat(received.all()).noneMatch(Message::isRedelivered);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRedeliverToAnotherMemberWhenOneDoesNotAcknowledge(Through through) throws Exception {
        String channel = "other-" + through;
        StreamingConnection session = open("other-" + through, through);
        Received silent = new Received();
        session.subscribe(
                channel,
                "g",
                silent,
                options()
                        .manualAcks()
                        .maxInFlight(1)
                        .ackWait(Duration.ofSeconds(1))
                        .deliverAllAvailable()
                        .build());
        publish(session, channel, "1");
        silent.awaitTexts("1");
        Received eager = new Received();
        session.subscribe(channel, "g", eager, options().build());

        await().atMost(Duration.ofSeconds(10)).until(() -> eager.texts().contains("1"));
        assertThat(eager.all()).allMatch(Message::isRedelivered);
    }
}
