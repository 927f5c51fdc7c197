package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.streaming.Message;
import io.nats.streaming.StreamingConnection;
import io.nats.streaming.Subscription;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DurableIT extends ClusterTestBase {
    @ParameterizedTest
    @EnumSource
    void shouldResumeWhereItWasWhenTheSubscriptionWasClosed(Through through) throws Exception {
        String channel = "resume-" + through;
        StreamingConnection session = open("resume-" + through, through);
        Received before = new Received();
        Subscription durable =
                subscribe(session, channel, before, options().durableName("d").deliverAllAvailable());
        publish(session, channel, "1", "2");
        before.awaitTexts("1", "2");
        durable.close();
        publish(session, channel, "3", "4");

        // A durable that resumes ignores the start position it asks for.
        Received after = subscribe(session, channel, options().durableName("d").startAtSequence(1));
        publish(session, channel, "5");

        after.awaitTexts("3", "4", "5");
        assertThat(after.all()).noneMatch(Message::isRedelivered);
    }

    @ParameterizedTest
    @EnumSource
    void shouldResumeInANewSessionThroughAnotherNode(Through through) throws Exception {
        String channel = "move-" + through;
        StreamingConnection first = open("move-" + through, through);
        Received before = subscribe(first, channel, options().durableName("d").deliverAllAvailable());
        publish(first, channel, "1", "2");
        before.awaitTexts("1", "2");
        first.close();

        Through other = through == Through.LEADER ? Through.FOLLOWER : Through.LEADER;
        StreamingConnection second = open("move-" + through, other);
        publish(second, channel, "3");
        subscribe(second, channel, options().durableName("d")).awaitTexts("3");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRedeliverPendingMessagesFirstAndFlaggedWhenItResumes(Through through) throws Exception {
        String channel = "pending-" + through;
        StreamingConnection session = open("pending-" + through, through);
        Received before = new Received();
        Subscription durable = subscribe(
                session,
                channel,
                before,
                options().durableName("d").deliverAllAvailable().manualAcks());
        publish(session, channel, "1", "2", "3");
        before.awaitCount(3);
        before.all().get(1).ack();
        durable.close();
        publish(session, channel, "4");

        Received after = subscribe(session, channel, options().durableName("d").manualAcks());

        after.awaitTexts("1", "3", "4");
        assertThat(after.all().stream().map(Message::isRedelivered)).containsExactly(true, true, false);
    }

    @ParameterizedTest
    @EnumSource
    void shouldForgetTheDurableWhenItUnsubscribes(Through through) throws Exception {
        String channel = "forget-" + through;
        StreamingConnection session = open("forget-" + through, through);
        Received before = new Received();
        Subscription durable =
                subscribe(session, channel, before, options().durableName("d").deliverAllAvailable());
        publish(session, channel, "1", "2");
        before.awaitTexts("1", "2");
        durable.unsubscribe();

        Received after = subscribe(session, channel, options().durableName("d").deliverAllAvailable());
        after.awaitTexts("1", "2");
        assertThat(after.all()).noneMatch(Message::isRedelivered);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseASecondInstanceWhileTheFirstIsOnline(Through through) throws Exception {
        String channel = "twice-" + through;
        StreamingConnection session = open("twice-" + through, through);
        subscribe(session, channel, options().durableName("d"));

        assertThatThrownBy(() -> subscribe(session, channel, options().durableName("d")))
                .isInstanceOf(IOException.class)
                .hasMessage("stan: duplicate durable registration");
        // The same name on another channel, or of another client, is another durable.
        subscribe(session, channel + "-other", options().durableName("d"));
        subscribe(open("twice-other-" + through, through), channel, options().durableName("d"));
    }
}
