package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.stan.MsgProto;
import io.stanchion.proto.stan.StartPosition;
import io.stanchion.proto.stan.SubscriptionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sections 5.4, 5.7 and 6.5: members come, share, stall and leave. */
class QueueGroupConformanceIT extends ConformanceTestBase {
    @ParameterizedTest
    @EnumSource
    @DisplayName("row 16")
    void shouldShareThePositionOfTheGroupWhateverASecondMemberAsksFor(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        session.publish(channel, "1", "2");
        RawSubscription first = session.subscribe(channel, QueueGroupConformanceIT::member);
        first.awaitNew("1", "2");
        first.ack(1, 2);
        world().disturb(way);

        RawSubscription second = session.subscribe(channel, QueueGroupConformanceIT::member);
        session.publish(channel, "3", "4");
        List<MsgProto> both = new ArrayList<>(List.of(first.take(), second.take()));
        assertThat(RawSubscription.texts(both)).containsExactlyInAnyOrder("3", "4");
        assertThat(both).noneMatch(MsgProto::getRedelivered);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 17")
    void shouldForgetAGroupWithoutMembersUnlessItIsDurable(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        session.publish(channel, "1", "2");
        RawSubscription plain = session.subscribe(channel, QueueGroupConformanceIT::member);
        RawSubscription durable = session.subscribe(channel, QueueGroupConformanceIT::durableMember);
        plain.awaitNew("1", "2");
        durable.awaitNew("1", "2");
        durable.ack(1);
        plain.close();
        durable.close();
        world().disturb(way);

        session.subscribe(channel, QueueGroupConformanceIT::member).awaitNew("1", "2");
        RawSession other = session(session.stan(), unused()); // the client ID is no part of the group
        RawSubscription resumed = other.subscribe(channel, QueueGroupConformanceIT::durableMember);
        resumed.awaitRedelivered("2");
        session.publish(channel, "3");
        resumed.awaitNew("3");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 18")
    void shouldKeepADurableGroupUntilItsLastMemberUnsubscribes(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        session.publish(channel, "1");
        RawSubscription first = session.subscribe(channel, QueueGroupConformanceIT::durableMember);
        first.awaitNew("1");
        first.ack(1);
        RawSubscription second = session.subscribe(channel, QueueGroupConformanceIT::durableMember);
        first.unsubscribe();
        world().disturb(way);
        session.publish(channel, "2");
        second.awaitNew("2");
        second.unsubscribe();

        session.subscribe(channel, QueueGroupConformanceIT::durableMember).awaitNew("1", "2");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 19")
    void shouldDealWhatALeavingMemberHadToTheOthersAtOnce(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSession leaving = session(session.stan(), unused());
        RawSubscription leaver = leaving.subscribe(channel, QueueGroupConformanceIT::member);
        session.publish(channel, "1", "2", "3", "4");
        leaver.awaitNew("1", "2", "3", "4");
        RawSubscription one =
                session.subscribe(channel, options -> member(options).setMaxInFlight(1));
        RawSubscription two =
                session.subscribe(channel, options -> member(options).setMaxInFlight(1));
        world().disturb(way);
        leaving.close();

        List<MsgProto> dealt = new ArrayList<>(one.take(2));
        dealt.addAll(two.take(2));
        assertThat(RawSubscription.sequences(dealt)).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
        assertThat(dealt).allMatch(MsgProto::getRedelivered);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 20")
    void shouldGoOnWithTheOtherMembersWhenOneIsStalled(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription stalled =
                session.subscribe(channel, options -> member(options).setMaxInFlight(1));
        session.publish(channel, "1");
        stalled.awaitNew("1");
        RawSubscription eager =
                session.subscribe(channel, options -> member(options).setMaxInFlight(2));
        session.publish(channel, "2", "3", "4");
        eager.awaitNew("2", "3");
        stalled.expectSilence();
        if (way == Way.LEADER_LOST) {
            world().disturb(way);
            stalled.awaitRedelivered("1"); // the new leader cannot know that they arrived
            eager.awaitRedelivered("2", "3");
        }
        eager.ack(2);
        eager.awaitNew("4");
        session.publish(channel, "5");
        stalled.ack(1);
        stalled.awaitNew("5");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 21")
    void shouldTakeTheAckOfTheFirstHolderThoughTheMessageHasMoved(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription first = session.subscribe(
                channel, options -> member(options).setMaxInFlight(1).setAckWaitInSecs(millis(400)));
        session.publish(channel, "1");
        first.awaitNew("1");
        RawSubscription second =
                session.subscribe(channel, options -> member(options).setAckWaitInSecs(millis(1000)));
        second.awaitRedelivered("1");
        first.ack(1);
        world().disturb(way);
        session.publish(channel, "2", "3");
        assertThat(RawSubscription.texts(List.of(first.take(), second.take()))).containsExactlyInAnyOrder("2", "3");
        first.ack(2, 3); // wherever they are
        assertThat(second.poll(Duration.ofMillis(1300))).isNull();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 22")
    void shouldUseTheAckWaitOfTheMemberThatHoldsTheMessage(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription hasty =
                session.subscribe(channel, options -> member(options).setAckWaitInSecs(millis(400)));
        RawSubscription patient =
                session.subscribe(channel, options -> member(options).setAckWaitInSecs(millis(5000)));
        world().disturb(way);
        long published = System.nanoTime();
        session.publish(channel, "1", "2");
        long hastys = hasty.take().getSequence();
        long patients = patient.take().getSequence();

        // Whoever gets them: the first to come again is the one that the hasty member had.
        long again = -1;
        while (again < 0) {
            MsgProto next = hasty.poll(Duration.ofMillis(10));
            next = next == null ? patient.poll(Duration.ofMillis(10)) : next;
            again = next == null ? -1 : next.getSequence();
        }
        assertThat(again).isEqualTo(hastys).isNotEqualTo(patients);
        assertThat(Duration.ofNanos(System.nanoTime() - published)).isGreaterThan(Duration.ofMillis(300));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEADER_LOST")
    @DisplayName("6.5: round-robin, and the less loaded first")
    void shouldSpreadMessagesEvenlyAndPreferTheLessLoaded(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        List<RawSubscription> members = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            members.add(session.subscribe(channel, QueueGroupConformanceIT::member));
        }
        for (int i = 0; i < 40; i++) {
            session.publish(channel, "" + i);
        }
        List<Long> all = new ArrayList<>();
        for (RawSubscription member : members) {
            all.addAll(RawSubscription.sequences(member.take(10)));
        }
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 40).boxed().toList());
    }

    private static SubscriptionRequest.Builder member(SubscriptionRequest.Builder options) {
        return options.setQGroup("g").setStartPosition(StartPosition.First);
    }

    private static SubscriptionRequest.Builder durableMember(SubscriptionRequest.Builder options) {
        return member(options).setDurableName("d");
    }
}
