package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.stan.StartPosition;
import io.stanchion.proto.stan.SubscriptionRequest;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Section 5.5, and what an end of each kind means for what comes after it. */
class ResumeConformanceIT extends ConformanceTestBase {
    private enum End {
        SUBSCRIPTION_CLOSE,
        SESSION_CLOSE
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 9, O2: an ack before the end counts")
    void shouldNotRedeliverWhatWasAcknowledgedJustBeforeTheEnd(Way way) throws Exception {
        for (End end : End.values()) {
            String channel = unused();
            RawSession session = session(way);
            RawSubscription durable = session.subscribe(channel, ResumeConformanceIT::durable);
            session.publish(channel, "1", "2");
            durable.awaitNew("1", "2");
            durable.ack(1, 2);
            session = end(session, durable, end);
            if (end == End.SESSION_CLOSE) {
                world().disturb(way);
            }
            RawSubscription resumed = session.subscribe(channel, ResumeConformanceIT::durable);
            session.publish(channel, "3");
            resumed.awaitNew("3");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 9: unsubscribe of a group's member that has acknowledged")
    void shouldNotGiveAwayWhatWasAcknowledgedJustBeforeAnUnsubscribe(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription leaver = session.subscribe(channel, options -> options.setQGroup("g"));
        session.publish(channel, "1", "2");
        leaver.awaitNew("1", "2");
        RawSubscription stayer = session.subscribe(channel, options -> options.setQGroup("g"));
        leaver.ack(1, 2);
        leaver.unsubscribe();
        session.publish(channel, "3");
        stayer.awaitNew("3");
    }

    private static RawSession end(RawSession session, RawSubscription subscription, End end) throws Exception {
        if (end == End.SUBSCRIPTION_CLOSE) {
            subscription.close();
            return session;
        }
        session.close();
        return session(session.stan(), session.clientId());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 12")
    void shouldContinueWithNewOptionsWhereTheDurableWas(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription durable = session.subscribe(channel, ResumeConformanceIT::durable);
        session.publish(channel, "1");
        durable.awaitNew("1");
        durable.ack(1);
        durable.close();
        session.publish(channel, "2", "3", "4");
        world().disturb(way);

        RawSubscription resumed = session.subscribe(
                channel,
                options -> durable(options)
                        .setStartPosition(StartPosition.First)
                        .setMaxInFlight(2)
                        .setAckWaitInSecs(millis(600)));
        assertThat(resumed.ackInbox()).isNotEqualTo(durable.ackInbox());
        resumed.awaitNew("2", "3");
        durable.ack(2, 3); // to the old inbox: nobody's any more
        resumed.awaitRedelivered("2", "3"); // after the new ack wait, and the new window is still full
        resumed.ack(2);
        resumed.awaitNew("4");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 13")
    void shouldRedeliverAllPendingInOrderBeforeAnythingNew(Way way) throws Exception {
        for (String group : List.of("", "g")) {
            UnaryOperator<SubscriptionRequest.Builder> kind =
                    options -> durable(options).setQGroup(group);
            String channel = unused();
            RawSession session = session(way);
            RawSubscription durable = session.subscribe(channel, kind);
            session.publish(channel, "1", "2", "3", "4", "5");
            durable.awaitNew("1", "2", "3", "4", "5");
            durable.ack(2);
            durable.close();
            session.publish(channel, "6", "7");
            if (group.isEmpty()) {
                world().disturb(way);
            }
            // The window does not matter for what was pending, but nothing new fits into it.
            RawSubscription resumed =
                    session.subscribe(channel, options -> kind.apply(options).setMaxInFlight(3));
            resumed.awaitRedelivered("1", "3", "4", "5");
            resumed.expectSilence();
            resumed.ack(1, 3);
            resumed.awaitNew("6");
            resumed.ack(4, 5, 6);
            resumed.awaitNew("7");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 14")
    void shouldBeginAnewAfterAnUnsubscribe(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription durable = session.subscribe(channel, ResumeConformanceIT::durable);
        session.publish(channel, "1", "2");
        durable.awaitNew("1", "2");
        durable.ack(1);
        durable.unsubscribe();
        world().disturb(way);

        RawSubscription anew =
                session.subscribe(channel, options -> durable(options).setStartPosition(StartPosition.First));
        anew.awaitNew("1", "2");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("5.1 check 10, W11: a durable that is online is refused, one of another client or channel is not")
    void shouldRefuseASecondInstanceOfAnOnlineDurable(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription durable = session.subscribe(channel, ResumeConformanceIT::durable);
        world().disturb(way);

        assertThat(session.refusedSubscribe(channel, ResumeConformanceIT::durable))
                .isEqualTo("stan: duplicate durable registration");
        session(session.stan(), unused()).subscribe(channel, ResumeConformanceIT::durable);
        session.subscribe(unused(), ResumeConformanceIT::durable);
        durable.close();
        session.subscribe(channel, ResumeConformanceIT::durable);
    }

    private static SubscriptionRequest.Builder durable(SubscriptionRequest.Builder options) {
        return options.setDurableName("d");
    }
}
