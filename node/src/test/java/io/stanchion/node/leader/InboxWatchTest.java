package io.stanchion.node.leader;

import static io.stanchion.node.leader.LeaderFixture.MILLI;
import static io.stanchion.node.leader.LeaderFixture.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.gateway.core.Interest;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Peer;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.raftsm.effect.Effect.Deliver;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscribers that go away and come back, from the leader's point of view. */
class InboxWatchTest {
    private static final long LOOK = 100 * MILLI;
    private static final long ACK_WAIT = 30 * SECOND;

    private final LeaderFixture leader = new LeaderFixture();

    @BeforeEach
    void passTheStartOfTheTerm() {
        leader.pass(SECOND);
        leader.answer();
        leader.answer();
        leader.takeProposed();
        LongStream.rangeClosed(1, 100).forEach(sequence -> leader.store(sequence, "", "m" + sequence));
    }

    @Test
    void shouldKeepWhatNobodyListensForUntilSomebodyDoes() {
        leader.perform(deliver("inbox", 1, 2), deliver("inbox", 3, 5));
        leader.pass(LOOK);
        assertThat(leader.counters.messagesOut()).isZero();

        List<MsgProto> received = leader.subscribe("inbox");
        assertThat(received).isEmpty();
        leader.pass(LOOK);

        assertThat(sequences(received)).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(leader.takeProposed()).isEmpty();
        leader.perform(deliver("inbox", 6, 6));
        assertThat(sequences(received)).endsWith(5L, 6L);
    }

    @Test
    void shouldHaveEverythingPendingGivenAgainWhenASubscriberReturnsToAnotherSocket() {
        Interest before = listen("inbox");
        leader.perform(deliver("inbox", 1, 2));
        before.close();
        leader.pass(LOOK);
        leader.perform(deliver("inbox", 3, 3));
        assertThat(leader.takeProposed()).isEmpty();

        List<MsgProto> received = leader.subscribe("inbox");
        leader.pass(LOOK);
        assertThat(redelivered()).containsExactly(1L);
        assertThat(received)
                .as("what waited is given again with the rest, not twice")
                .isEmpty();

        leader.perform(deliver("inbox", 4, 4));
        assertThat(received).as("what is new waits behind it").isEmpty();
        leader.perform(redeliver("inbox", 1, 4));
        leader.answer();
        leader.pass(SECOND);
        assertThat(sequences(received)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(received).allMatch(MsgProto::getRedelivered);
        assertThat(redelivered()).isEmpty();
    }

    @Test
    void shouldHaveItGivenAgainWhenTheSubscribersNodeDiedAndItReturnsToAnother() {
        CountingPeer b = new CountingPeer("b");
        CountingPeer c = new CountingPeer("c");
        leader.router.onPeerInterest(b, Subject.of("inbox"), null, 1);
        leader.perform(deliver("inbox", 1, 4));
        leader.router.onPeerGone(b);
        leader.pass(LOOK);
        leader.pass(SECOND);
        assertThat(leader.takeProposed()).isEmpty();

        leader.router.onPeerInterest(c, Subject.of("inbox"), null, 1);
        leader.pass(LOOK);

        assertThat(redelivered()).containsExactly(1L);
        assertThat(b.messages).isEqualTo(4);
        assertThat(c.messages).isZero();
    }

    @Test
    void shouldAskOnceMoreWhenTheLogRefuses() {
        Interest before = listen("inbox");
        leader.perform(deliver("inbox", 1, 2));
        before.close();
        leader.pass(LOOK);
        List<MsgProto> received = leader.subscribe("inbox");
        leader.pass(LOOK);
        assertThat(redelivered()).containsExactly(1L);

        leader.refuse();
        leader.pass(LOOK);
        assertThat(redelivered()).containsExactly(1L);
        leader.perform(redeliver("inbox", 1, 2));
        leader.answer();
        leader.pass(LOOK);
        assertThat(sequences(received)).containsExactly(1L, 2L);
    }

    @Test
    void shouldNoticeASubscriberThatMovedBetweenTwoLooks() {
        CountingPeer b = new CountingPeer("b");
        leader.router.onPeerInterest(b, Subject.of("inbox"), null, 1);
        leader.perform(deliver("inbox", 1, 4));
        leader.router.onPeerGone(b);
        leader.subscribe("inbox");
        leader.pass(LOOK);
        assertThat(redelivered()).containsExactly(1L);

        leader.pass(SECOND);
        assertThat(redelivered()).as("asked once for each move").isEmpty();
    }

    @Test
    void shouldSendNothingNewToASubscriberThatMovedBeforeWhatItMissedIsGivenAgain() {
        CountingPeer b = new CountingPeer("b");
        leader.router.onPeerInterest(b, Subject.of("inbox"), null, 1);
        leader.perform(deliver("inbox", 1, 4));
        leader.router.onPeerGone(b);
        List<MsgProto> received = leader.subscribe("inbox");
        leader.perform(deliver("inbox", 5, 5));
        assertThat(received).isEmpty();

        leader.pass(LOOK);
        assertThat(redelivered()).containsExactly(1L);
        leader.perform(redeliver("inbox", 1, 5));
        leader.answer();
        leader.pass(SECOND);
        assertThat(sequences(received)).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    /** The log keeps the deadlines of what the subscriber was given well before that. */
    @Test
    void shouldSayWhenTheSubscriberWasThereLast() {
        Interest before = listen("inbox");
        leader.perform(deliver("inbox", 1, 2));
        leader.pass(LOOK);
        long present = leader.now();
        before.close();
        leader.pass(10 * SECOND);
        leader.subscribe("inbox");
        leader.pass(LOOK);

        assertThat(leader.takeProposed())
                .singleElement()
                .extracting(command -> command.getRedeliver().getPresentUntilNanos())
                .isEqualTo(present);
    }

    @Test
    void shouldSendNothingTwiceToASubscriberThatNeverWentAway() {
        List<MsgProto> received = leader.subscribe("inbox");
        leader.perform(deliver("inbox", 1, 10));
        Interest other = listen("another.inbox");
        leader.pass(LOOK);
        other.close();
        for (int i = 0; i < 50; i++) {
            leader.pass(LOOK);
        }

        assertThat(received).hasSize(10);
        assertThat(leader.takeProposed()).isEmpty();
    }

    @Test
    void shouldNotTakeOneWhoListensToEverythingForTheSubscriber() {
        CountingPeer b = new CountingPeer("b");
        leader.router.onPeerInterest(b, Subject.of("inbox"), null, 1);
        leader.perform(deliver("inbox", 1, 10));
        Interest all = listen(">");
        leader.pass(LOOK);
        leader.router.onPeerInterest(b, Subject.of(">"), null, 1);
        leader.pass(LOOK);
        all.close();
        leader.pass(LOOK);

        assertThat(leader.takeProposed()).isEmpty();
        assertThat(b.messages).isEqualTo(10);
    }

    @Test
    void shouldSendWhatIsRedeliveredInsteadOfWhatWaited() {
        leader.perform(deliver("inbox", 1, 2), deliver("inbox", 3, 4));
        leader.perform(redeliver("inbox", 1, 4));
        List<MsgProto> received = leader.subscribe("inbox");
        leader.pass(LOOK);

        assertThat(sequences(received)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(received).allMatch(MsgProto::getRedelivered);
    }

    @Test
    void shouldSendToTheNewInboxOfADurableWhoseOldOneIsWaitedFor() {
        leader.perform(deliver("old.inbox", 1, 2));
        leader.pass(LOOK);
        List<MsgProto> received = leader.subscribe("new.inbox");
        leader.perform(redeliver("new.inbox", 1, 2), deliver("new.inbox", 3, 3));
        assertThat(sequences(received)).containsExactly(1L, 2L, 3L);

        List<MsgProto> late = leader.subscribe("old.inbox");
        leader.pass(SECOND);
        assertThat(late).isEmpty();
        assertThat(received).hasSize(3);
        assertThat(leader.takeProposed()).isEmpty();
    }

    @Test
    void shouldSendToTheNewInboxOfADurableWhoseOldOneIsStillInLine() {
        List<MsgProto> received = leader.subscribe("new.inbox");
        leader.perform(deliver("old.inbox", 1, 2), redeliver("new.inbox", 1, 2), deliver("new.inbox", 3, 3));

        assertThat(sequences(received)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void shouldForgetASubscriptionAtWhichNothingIsPendingAnyMore() {
        leader.perform(deliver("inbox", 1, 2));
        leader.pass(LOOK);
        assertThat(leader.term.nanosToNextTimer()).as("somebody is waited for").isLessThanOrEqualTo(LOOK);

        leader.pass(ACK_WAIT);
        assertThat(leader.takeProposed())
                .extracting(CommandProto::hasExpireAcks)
                .containsExactly(true);
        leader.answer(); // without an effect: it has been closed
        leader.pass(LOOK);
        assertThat(leader.term.nanosToNextTimer())
                .as("nobody is looked after")
                .isEqualTo(LeaderFixture.SLEEP_NANOS_MAX);

        List<MsgProto> received = leader.subscribe("inbox");
        leader.pass(SECOND);
        assertThat(received).isEmpty();
        leader.perform(deliver("inbox", 7, 7));
        assertThat(sequences(received)).containsExactly(7L);
    }

    @Test
    void shouldHaveItGivenAgainWhenTheConnectionToItsNodeBrokeAndReturnedBetweenTwoLooks() {
        CountingPeer node = new CountingPeer("b");
        leader.router.onPeerInterest(node, Subject.of("inbox"), null, 1);
        leader.perform(deliver("inbox", 1, 2));
        leader.pass(LOOK);
        assertThat(redelivered()).isEmpty();

        node.reconnect();
        leader.pass(LOOK);
        assertThat(redelivered()).containsExactly(1L);
    }

    @Test
    void shouldForgetAWatchedSubscriberThatHasAcknowledgedEverything() {
        Interest gone = listen("inbox");
        leader.perform(deliver("inbox", 1, 2));
        leader.pass(ACK_WAIT);
        leader.answer();
        leader.pass(LOOK);
        assertThat(leader.term.nanosToNextTimer()).isEqualTo(LeaderFixture.SLEEP_NANOS_MAX);
        leader.takeProposed();

        gone.close();
        leader.pass(LOOK);
        leader.subscribe("inbox");
        leader.pass(LOOK);
        assertThat(leader.takeProposed()).as("nothing can be lost").isEmpty();
    }

    @Test
    void shouldNotHoldUpOthersForThoseWhoAreAway() {
        List<MsgProto> received = leader.subscribe("inbox");
        for (int i = 0; i < 20_000; i++) {
            leader.perform(new Deliver(1_000 + i, "away." + i, 9, "orders", 1, 1, 0, leader.now() + ACK_WAIT));
        }
        leader.perform(deliver("inbox", 1, 3));

        assertThat(sequences(received)).containsExactly(1L, 2L, 3L);
    }

    private Interest listen(String pattern) {
        return leader.router.subscribe(Subject.of(pattern), null, Scope.CLUSTER, message -> true);
    }

    private Deliver deliver(String inbox, long first, long last) {
        return new Deliver(1, inbox, 9, "orders", first, last, 0, leader.now() + ACK_WAIT);
    }

    private Deliver redeliver(String inbox, long first, long last) {
        return new Deliver(1, inbox, 9, "orders", first, last, 1, leader.now() + ACK_WAIT);
    }

    private List<Long> redelivered() {
        return leader.takeProposed().stream()
                .filter(CommandProto::hasRedeliver)
                .map(command -> command.getRedeliver().getSubscription())
                .toList();
    }

    private static List<Long> sequences(List<MsgProto> messages) {
        return messages.stream().map(MsgProto::getSequence).toList();
    }

    private static final class CountingPeer implements Peer {
        private final String nodeId;
        private Path path = new Path() {};
        private int messages;

        CountingPeer(String nodeId) {
            this.nodeId = nodeId;
        }

        @Override
        public String nodeId() {
            return nodeId;
        }

        @Override
        public Path path() {
            return path;
        }

        void reconnect() {
            path = new Path() {};
        }

        @Override
        public void forward(Message message, List<Subject> queueGroups) {
            messages++;
        }
    }
}
