package io.stanchion.node.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.StreamingConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PublishSubscribeIT extends ClusterTestBase {
    @ParameterizedTest
    @EnumSource
    void shouldDeliverInOrderWhenPublishedWithAcknowledgements(Through through) throws Exception {
        StreamingConnection session = open("order-" + through, through);
        Received received = new Received();
        session.subscribe("order-" + through, received);

        Queue<Exception> problems = new ConcurrentLinkedQueue<>();
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 2000; i++) {
            session.publish("order-" + through, ("m" + i).getBytes(UTF_8), (guid, problem) -> {
                acknowledged.add(guid);
                if (problem != null) {
                    problems.add(problem);
                }
            });
        }

        await().atMost(Duration.ofSeconds(20)).until(() -> acknowledged.size() == 2000 && received.count() == 2000);
        assertThat(problems).isEmpty();
        assertThat(received.texts())
                .isEqualTo(IntStream.range(0, 2000).mapToObj(i -> "m" + i).toList());
        assertThat(received.sequences())
                .isEqualTo(LongStream.rangeClosed(1, 2000).boxed().toList());
        assertThat(received.all()).noneMatch(io.nats.streaming.Message::isRedelivered);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHonourEachStartPosition(Through through) throws Exception {
        String channel = "start-" + through;
        StreamingConnection session = open("start-" + through, through);
        publish(session, channel, "1", "2", "3");

        Received first = subscribe(session, channel, options().deliverAllAvailable());
        Received last = subscribe(session, channel, options().startWithLastReceived());
        Received second = subscribe(session, channel, options().startAtSequence(2));
        Received beyond = subscribe(session, channel, options().startAtSequence(99));
        Received fresh = subscribe(session, channel, options());
        publish(session, channel, "4");

        first.awaitTexts("1", "2", "3", "4");
        last.awaitTexts("3", "4");
        second.awaitTexts("2", "3", "4");
        beyond.awaitTexts("4");
        fresh.awaitTexts("4");
    }

    @ParameterizedTest
    @EnumSource
    void shouldStartAtATime(Through through) throws Exception {
        String channel = "time-" + through;
        StreamingConnection session = open("time-" + through, through);
        Received all = subscribe(session, channel, options().deliverAllAvailable());
        publish(session, channel, "1", "2");
        all.awaitCount(2);
        // Messages that were stored in one batch share their timestamp, so the third must be later than the second.
        Instant later =
                Instant.ofEpochSecond(0, all.all().get(1).getTimestamp()).plusMillis(30);
        await().until(() -> Instant.now().isAfter(later.plusMillis(30)));
        publish(session, channel, "3");

        Received recent = subscribe(session, channel, options().startAtTime(later));
        Received everything = subscribe(session, channel, options().startAtTimeDelta(Duration.ofHours(1)));
        Received future =
                subscribe(session, channel, options().startAtTime(Instant.now().plusSeconds(60)));
        publish(session, channel, "4");

        recent.awaitTexts("3", "4");
        everything.awaitTexts("1", "2", "3", "4");
        future.awaitTexts("4");
    }

    @ParameterizedTest
    @EnumSource
    void shouldStartEverywhereOnAChannelThatIsEmpty(Through through) throws Exception {
        String channel = "empty-" + through;
        StreamingConnection session = open("empty-" + through, through);
        Received first = subscribe(session, channel, options().deliverAllAvailable());
        Received last = subscribe(session, channel, options().startWithLastReceived());
        Received second = subscribe(session, channel, options().startAtSequence(2));
        Received hourAgo = subscribe(session, channel, options().startAtTimeDelta(Duration.ofHours(1)));
        publish(session, channel, "1");

        first.awaitTexts("1");
        last.awaitTexts("1");
        second.awaitTexts("1");
        hourAgo.awaitTexts("1");
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverToSubscribersOnEveryNode(Through through) throws Exception {
        String channel = "everywhere-" + through;
        StreamingConnection publisher = open("everywhere-" + through, through);
        Received[] received = new Received[3];
        for (int i = 0; i < 3; i++) {
            StreamingConnection session = clients()
                    .open("everywhere-" + through + "-" + i, cluster().nodes().get(i));
            received[i] = subscribe(session, channel, options());
        }
        publish(publisher, channel, "1", "2", "3");
        for (Received one : received) {
            one.awaitTexts("1", "2", "3");
        }
    }
}
