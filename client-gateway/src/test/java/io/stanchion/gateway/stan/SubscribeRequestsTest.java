package io.stanchion.gateway.stan;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.proto.command.SubscribeProto;
import io.stanchion.proto.command.SubscribeReply;
import io.stanchion.proto.stan.StartPosition;
import io.stanchion.proto.stan.SubscriptionRequest;
import io.stanchion.proto.stan.SubscriptionResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscribeRequestsTest {
    private static final String SUB = "_STAN.sub.test-cluster";
    private static final SubscriptionRequest REQUEST = SubscriptionRequest.newBuilder()
            .setClientId("me")
            .setSubject("orders")
            .setQGroup("group")
            .setInbox("_INBOX.mine")
            .setMaxInFlight(16)
            .setAckWaitInSecs(30)
            .setDurableName("dur")
            .setStartPosition(StartPosition.SequenceStart)
            .setStartSequence(-1)
            .setStartTimeDelta(-5)
            .build();
    private static final ReplyProto SUBSCRIBED = ReplyProto.newBuilder()
            .setSubscribe(SubscribeReply.newBuilder().setSubscription(42))
            .build();

    private static final ReplyProto IN_THE_WAY = ReplyProto.newBuilder()
            .setError("stan: duplicate durable registration")
            .setSubscribe(
                    SubscribeReply.newBuilder().setRegisteredInbox("old.inbox").setRegisteredAckInbox("old.acks"))
            .build();

    private final ServiceFixture stan = new ServiceFixture();

    @Test
    void shouldProposeAllThatWasAsked() {
        stan.ask(SUB, REQUEST);

        SubscribeProto proposed = stan.log.last().getSubscribe();
        assertThat(proposed.getAckInbox()).matches("_INBOX\\.stan-ack-test-cluster\\.[0-9A-Za-z]{22}");
        assertThat(proposed.toBuilder().clearAckInbox().build())
                .isEqualTo(SubscribeProto.newBuilder()
                        .setClientId("me")
                        .setChannel("orders")
                        .setQueueGroup("group")
                        .setInbox("_INBOX.mine")
                        .setMaxInFlight(16)
                        .setAckWaitSecs(30)
                        .setDurableName("dur")
                        .setStartPosition(3)
                        .setStartSequence(-1)
                        .setStartTimeDelta(-5)
                        .build());
    }

    @Test
    void shouldAnswerBeforeItLetsMessagesFlow() throws Exception {
        List<Integer> commandsAtAnswer = new ArrayList<>();
        stan.router.subscribe(
                Subject.of(ServiceFixture.INBOX),
                null,
                Scope.CLUSTER,
                message -> commandsAtAnswer.add(stan.log.commands.size()));
        stan.ask(SUB, REQUEST);
        assertThat(stan.answers).isEmpty();
        stan.log.answer(SUBSCRIBED);

        assertThat(commandsAtAnswer).containsExactly(1);
        assertThat(response())
                .isEqualTo(SubscriptionResponse.newBuilder()
                        .setAckInbox(stan.log.commands.get(0).getSubscribe().getAckInbox())
                        .build());
        assertThat(stan.log.last().getStartDelivery().getSubscription()).isEqualTo(42);
    }

    @Test
    void shouldLetNothingFlowWhenTheLogRefuses() throws Exception {
        stan.ask(SUB, REQUEST);
        stan.log.refuse("stan: duplicate durable registration");

        assertThat(response())
                .isEqualTo(SubscriptionResponse.newBuilder()
                        .setError("stan: duplicate durable registration")
                        .build());
        assertThat(stan.log.commands).hasSize(1);
    }

    /** The answer to a client that timed out came late, or the client forgot to close: nobody listens to that durable. */
    @Test
    void shouldResumeADurableThatIsOnlineButHasNobodyThere() throws Exception {
        stan.ask(SUB, REQUEST);
        stan.log.answer(IN_THE_WAY);
        assertThat(stan.log.commands).hasSize(1);
        stan.runTimers();

        assertThat(stan.answers).isEmpty();
        SubscribeProto first = stan.log.commands.get(0).getSubscribe();
        assertThat(stan.log.last().getSubscribe())
                .isEqualTo(first.toBuilder().setReplaces("old.acks").build());
        stan.log.answer(SUBSCRIBED);
        assertThat(response().getAckInbox()).isEqualTo(first.getAckInbox());
    }

    @Test
    void shouldLeaveADurableAloneWhoseSubscriberMayBeThere() throws Exception {
        stan.allNodesInTouch = false;
        stan.ask(SUB, REQUEST);
        stan.log.answer(IN_THE_WAY);
        assertThat(response().getError()).isEqualTo("stan: duplicate durable registration");

        stan.allNodesInTouch = true;
        stan.router.subscribe(Subject.of("old.inbox"), null, Scope.CLUSTER, message -> true);
        stan.ask(SUB, REQUEST);
        stan.log.answer(IN_THE_WAY);
        assertThat(stan.answers).hasSize(2);
        assertThat(response().getError()).isEqualTo("stan: duplicate durable registration");
        assertThat(stan.log.commands).hasSize(2);
    }

    @Test
    void shouldLeaveADurableAloneWhoseInterestIsHeardOfAMomentLater() throws Exception {
        stan.ask(SUB, REQUEST);
        stan.log.answer(IN_THE_WAY);
        stan.router.subscribe(Subject.of("old.inbox"), null, Scope.CLUSTER, message -> true);
        stan.runTimers();

        assertThat(response().getError()).isEqualTo("stan: duplicate durable registration");
        assertThat(stan.log.commands).hasSize(1);
    }

    @Test
    void shouldAskTheLogOnceMoreAndNotAgain() throws Exception {
        stan.ask(SUB, REQUEST);
        stan.log.answer(IN_THE_WAY);
        stan.runTimers();
        stan.log.answer(ReplyProto.newBuilder()
                .setError("stan: duplicate durable registration")
                .build());

        assertThat(response().getError()).isEqualTo("stan: duplicate durable registration");
        assertThat(stan.log.commands).hasSize(2);
    }

    @Test
    void shouldRefuseNamesThatWouldFillTheMemory() throws Exception {
        String name = "n".repeat(1025);
        for (SubscriptionRequest.Builder request : List.of(
                REQUEST.toBuilder().setInbox(name),
                REQUEST.toBuilder().setQGroup(name),
                REQUEST.toBuilder().setDurableName(name))) {
            assertRefused(request, "stan: invalid subscription request");
        }
    }

    @Test
    void shouldCheckInTheOrderOfTheReference() throws Exception {
        SubscriptionRequest.Builder request =
                SubscriptionRequest.newBuilder().setSubject("foo.*").setStartPositionValue(5);
        assertRefused(request, "stan: clientID missing");
        assertRefused(request.setClientId("me"), "stan: invalid ack wait time, should be >= 1s");
        assertRefused(request.setAckWaitInSecs(-1), "stan: invalid ack wait time, should be >= 1s");
        assertRefused(request.setAckWaitInSecs(1), "stan: invalid MaxInflight, should be >= 1");
        assertRefused(request.setMaxInFlight(-1), "stan: invalid MaxInflight, should be >= 1");
        assertRefused(request.setMaxInFlight(1), "stan: invalid start position");
        assertRefused(request.setStartPositionValue(-1), "stan: invalid start position");
        assertRefused(request.setStartPositionValue(4), "stan: invalid subject");
        stan.ask(SUB, request.setSubject("foo").build());
        assertThat(stan.log.commands).hasSize(1);
    }

    @Test
    void shouldRefuseWhatIsNoSubscriptionRequest() throws Exception {
        byte[] inboxAsNumber = {0x20, 1};
        for (byte[] payload : List.of(
                ServiceFixture.GARBAGE,
                inboxAsNumber,
                REQUEST.toBuilder().setInbox("a\r\nMSG b").build().toByteArray())) {
            stan.ask(SUB, payload);
            assertThat(response().getError()).isEqualTo("stan: invalid subscription request");
        }
        stan.ask(SUB, new byte[0]);
        assertThat(response().getError()).isEqualTo("stan: clientID missing");
        assertThat(stan.log.commands).isEmpty();
    }

    @Test
    void shouldServeARequestThatWantsNoAnswer() {
        stan.tell(SUB, REQUEST);
        stan.log.answer(SUBSCRIBED);

        assertThat(stan.log.commands).hasSize(2);
        assertThat(stan.answers).isEmpty();
    }

    private void assertRefused(SubscriptionRequest.Builder request, String error) throws Exception {
        stan.ask(SUB, request.build());
        assertThat(response())
                .isEqualTo(SubscriptionResponse.newBuilder().setError(error).build());
        assertThat(stan.log.commands).isEmpty();
    }

    private SubscriptionResponse response() throws Exception {
        return SubscriptionResponse.parseFrom(stan.answer());
    }
}
