package io.stanchion.node.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.Message;
import io.nats.streaming.StreamingConnection;
import io.nats.streaming.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QueueGroupIT extends ClusterTestBase {
    private static final int MESSAGES = 600;

    @ParameterizedTest
    @EnumSource
    void shouldSpreadMessagesEvenlyOverMembersOnAllNodes(Through through) throws Exception {
        String channel = "spread-" + through;
        List<Received> members = new ArrayList<>();
        for (TestNode node : cluster().nodes()) {
            Received member = new Received();
            clients().open("spread-" + through + "-" + node.id(), node).subscribe(channel, "workers", member);
            members.add(member);
        }
        StreamingConnection publisher = open("spread-publisher-" + through, through);
        for (int i = 0; i < MESSAGES; i++) {
            publisher.publish(channel, ("m" + i).getBytes(UTF_8), (guid, problem) -> {});
        }

        await().atMost(Duration.ofSeconds(20))
                .until(() -> members.stream().mapToInt(Received::count).sum() == MESSAGES);
        assertThat(members.stream()
                        .flatMap(member -> member.sequences().stream())
                        .sorted())
                .isEqualTo(LongStream.rangeClosed(1, MESSAGES).boxed().toList());
        assertThat(members).allSatisfy(member -> assertThat(member.count()).isBetween(100, 300));
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepADurableGroupWhenItsLastMemberCloses(Through through) throws Exception {
        String channel = "group-" + through;
        StreamingConnection first = open("group-first-" + through, through);
        Received before = new Received();
        Subscription member = first.subscribe(
                channel,
                "g",
                before,
                options().durableName("d").deliverAllAvailable().build());
        publish(first, channel, "1", "2");
        before.awaitTexts("1", "2");
        member.close();
        publish(first, channel, "3");

        // The client ID is no part of a durable group's identity, and its position wins over any start position.
        StreamingConnection second = open("group-second-" + through, through);
        Received after = new Received();
        second.subscribe(
                channel,
                "g",
                after,
                options().durableName("d").startAtSequence(1).build());
        after.awaitTexts("3");
    }

    @ParameterizedTest
    @EnumSource
    void shouldForgetAPlainGroupWhenItsLastMemberCloses(Through through) throws Exception {
        String channel = "plain-group-" + through;
        StreamingConnection session = open("plain-group-" + through, through);
        Received before = new Received();
        Subscription member = session.subscribe(
                channel, "g", before, options().deliverAllAvailable().build());
        publish(session, channel, "1");
        before.awaitTexts("1");
        member.close();

        Received after = new Received();
        session.subscribe(channel, "g", after, options().deliverAllAvailable().build());
        after.awaitTexts("1");
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveAMembersPendingToTheOthersWhenItLeaves(Through through) throws Exception {
        String channel = "leave-" + through;
        StreamingConnection session = open("leave-" + through, through);
        Received leaver = new Received();
        Subscription leaving = session.subscribe(
                channel,
                "g",
                leaver,
                options().manualAcks().deliverAllAvailable().build());
        publish(session, channel, "1", "2");
        leaver.awaitCount(2);
        Received stayer = new Received();
        session.subscribe(channel, "g", stayer, options().build());
        leaving.close();

        stayer.awaitTexts("1", "2");
        assertThat(stayer.all()).allMatch(Message::isRedelivered);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseAColonInADurableGroupName(Through through) throws Exception {
        StreamingConnection session = open("colon-" + through, through);
        assertThatThrownBy(() -> session.subscribe(
                        "colon",
                        "g",
                        new Received(),
                        options().durableName("d:1").build()))
                .isInstanceOf(IOException.class)
                .hasMessage("stan: durable name of a durable queue subscriber can't contain the character ':'");
    }
}
