package io.stanchion.gateway.stan;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.proto.command.OpenSessionProto;
import io.stanchion.proto.command.OpenSessionReply;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.proto.stan.ConnectRequest;
import io.stanchion.proto.stan.ConnectResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectRequestsTest {
    private static final String DISCOVER = "_STAN.discover.test-cluster";
    private static final String OLD_INBOX = "_INBOX.old";
    private static final ConnectRequest REQUEST = ConnectRequest.newBuilder()
            .setClientId("me-1_A")
            .setHeartbeatInbox("_INBOX.heart")
            .setProtocol(1)
            .setConnId(ByteString.copyFromUtf8("conn"))
            .setPingInterval(-50)
            .setPingMaxOut(3)
            .build();
    private static final ReplyProto TAKEN = ReplyProto.newBuilder()
            .setOpenSession(
                    OpenSessionReply.newBuilder().setRegisteredSession(7).setRegisteredHeartbeatInbox(OLD_INBOX))
            .build();

    private final ServiceFixture stan = new ServiceFixture();

    @Test
    void shouldRefuseNamesThatWouldFillTheMemory() throws Exception {
        for (ConnectRequest request : List.of(
                REQUEST.toBuilder().setHeartbeatInbox("n".repeat(1025)).build(),
                REQUEST.toBuilder()
                        .setConnId(ByteString.copyFrom(new byte[1025]))
                        .build())) {
            stan.ask(DISCOVER, request);
            assertThat(response().getError()).isEqualTo("stan: invalid connection request");
        }
        assertThat(stan.log.commands).isEmpty();
    }

    @Test
    void shouldRegisterAndTellAllSubjects() throws Exception {
        stan.ask(DISCOVER, REQUEST);
        assertThat(stan.answers).isEmpty();
        stan.log.answer(ReplyProto.getDefaultInstance());

        assertThat(stan.log.last().getOpenSession())
                .isEqualTo(OpenSessionProto.newBuilder()
                        .setClientId("me-1_A")
                        .setHeartbeatInbox("_INBOX.heart")
                        .setProtocol(1)
                        .setConnId(ByteString.copyFromUtf8("conn"))
                        .setPingInterval(-50)
                        .setPingMaxOut(3)
                        .build());
        assertThat(response())
                .isEqualTo(ConnectResponse.newBuilder()
                        .setPubPrefix("_STAN.pub.test-cluster")
                        .setSubRequests("_STAN.sub.test-cluster")
                        .setUnsubRequests("_STAN.unsub.test-cluster")
                        .setCloseRequests("_STAN.close.test-cluster")
                        .setSubCloseRequests("_STAN.subclose.test-cluster")
                        .setPingRequests("_STAN.discover.test-cluster.pings")
                        .setPingInterval(-50)
                        .setPingMaxOut(3)
                        .setProtocol(1)
                        .build());
    }

    @Test
    void shouldNotMentionPingsToAnOldClient() throws Exception {
        stan.ask(DISCOVER, REQUEST.toBuilder().setProtocol(0).build());
        stan.log.answer(ReplyProto.getDefaultInstance());

        assertThat(response().getPingRequests()).isEmpty();
        assertThat(response().getPingInterval()).isZero();
        assertThat(response().getPingMaxOut()).isZero();
        assertThat(response().getProtocol()).isEqualTo(1);
    }

    @Test
    void shouldRefuseWhatIsNoConnectRequest() throws Exception {
        byte[] heartbeatInboxAsNumber = {0x10, 1};
        for (byte[] payload : List.of(
                ServiceFixture.GARBAGE,
                new byte[0],
                heartbeatInboxAsNumber,
                REQUEST.toBuilder().clearHeartbeatInbox().build().toByteArray(),
                REQUEST.toBuilder()
                        .setHeartbeatInbox("_INBOX.a 5\r\nhello")
                        .build()
                        .toByteArray())) {
            stan.ask(DISCOVER, payload);
            assertThat(response())
                    .isEqualTo(ConnectResponse.newBuilder()
                            .setError("stan: invalid connection request")
                            .build());
        }
        assertThat(stan.log.commands).isEmpty();
    }

    @Test
    void shouldRefuseAClientIdWithOtherCharacters() throws Exception {
        for (String clientId : List.of("", "a.b", "a b", "me\n", "é")) {
            stan.ask(DISCOVER, REQUEST.toBuilder().setClientId(clientId).build());
            assertThat(response().getError())
                    .isEqualTo("stan: invalid clientID: only alphanumeric and `-` or `_` characters allowed");
        }
        assertThat(stan.log.commands).isEmpty();
    }

    @Test
    void shouldPassOnTheErrorOfTheLog() throws Exception {
        stan.ask(DISCOVER, REQUEST);
        stan.log.refuse("node is not the leader");

        assertThat(response().getError()).isEqualTo("node is not the leader");
    }

    @Test
    void shouldRefuseWhileTheOldSessionAnswers() throws Exception {
        stan.router.subscribe(Subject.of(OLD_INBOX), null, Scope.CLUSTER, message -> {
            stan.router.publish(new Message(message.reply(), null, 0, Unpooled.EMPTY_BUFFER));
            return true;
        });
        stan.ask(DISCOVER, REQUEST);
        stan.log.answer(TAKEN);

        assertThat(response().getError()).isEqualTo("stan: clientID already registered");
        assertThat(stan.log.commands).hasSize(1);
        assertThat(stan.timers).isEmpty();
    }

    @Test
    void shouldTakeOverWhenNobodyHoldsTheOldInboxAMomentLaterEither() throws Exception {
        stan.ask(DISCOVER, REQUEST);
        stan.log.answer(TAKEN);
        assertThat(stan.log.commands).hasSize(1);
        stan.runTimers();

        assertThat(stan.log.last().getOpenSession().getReplaces()).isEqualTo(7);
        stan.log.answer(ReplyProto.getDefaultInstance());
        assertThat(response().getError()).isEmpty();
        assertThat(response().getPubPrefix()).isNotEmpty();
    }

    @Test
    void shouldTakeOverWhenTheOldSessionDoesNotAnswerInTime() throws Exception {
        stan.router.subscribe(Subject.of(OLD_INBOX), null, Scope.CLUSTER, message -> true);
        stan.ask(DISCOVER, REQUEST);
        stan.log.answer(TAKEN);
        assertThat(stan.log.commands).hasSize(1);
        stan.runTimers();

        assertThat(stan.log.last().getOpenSession().getReplaces()).isEqualTo(7);
    }

    @Test
    void shouldAskAgainAfterAWhileWhenANodeIsOutOfSight() throws Exception {
        stan.allNodesInTouch = false;
        stan.ask(DISCOVER, REQUEST);
        stan.log.answer(TAKEN);
        assertThat(stan.log.commands).hasSize(1);
        stan.router.subscribe(Subject.of(OLD_INBOX), null, Scope.CLUSTER, message -> {
            stan.router.publish(new Message(message.reply(), null, 0, Unpooled.EMPTY_BUFFER));
            return true;
        });
        stan.runTimers();

        assertThat(response().getError()).isEqualTo("stan: clientID already registered");
    }

    @Test
    void shouldLeaveASessionAloneWhoseInterestIsHeardOfAMomentLater() throws Exception {
        stan.ask(DISCOVER, REQUEST);
        stan.log.answer(TAKEN);
        stan.router.subscribe(Subject.of(OLD_INBOX), null, Scope.CLUSTER, message -> {
            stan.router.publish(new Message(message.reply(), null, 0, Unpooled.EMPTY_BUFFER));
            return true;
        });
        stan.runTimers();

        assertThat(response().getError()).isEqualTo("stan: clientID already registered");
        assertThat(stan.log.commands).hasSize(1);
    }

    @Test
    void shouldWaitForANodeThatIsLostBetweenTheTwoQuestions() {
        stan.ask(DISCOVER, REQUEST);
        stan.log.answer(TAKEN);
        stan.allNodesInTouch = false;
        stan.runTimers();
        assertThat(stan.log.commands).hasSize(1);
        stan.runTimers();

        assertThat(stan.log.last().getOpenSession().getReplaces()).isEqualTo(7);
    }

    @Test
    void shouldTakeOverWhenNobodyTurnsUpInTheEnd() {
        stan.allNodesInTouch = false;
        stan.ask(DISCOVER, REQUEST);
        stan.log.answer(TAKEN);
        stan.runTimers();

        assertThat(stan.log.last().getOpenSession().getReplaces()).isEqualTo(7);
    }

    @Test
    void shouldLetOneOfManyWinAndFailTheOthersFast() throws Exception {
        stan.router.subscribe(Subject.of(OLD_INBOX), null, Scope.CLUSTER, message -> true);
        for (int i = 0; i < 4; i++) {
            stan.ask(DISCOVER, REQUEST);
        }
        for (int i = 0; i < 4; i++) {
            stan.log.answer(TAKEN);
        }
        stan.ask(DISCOVER, REQUEST);
        assertThat(stan.answers).hasSize(4);
        for (byte[] answer : stan.answers) {
            assertThat(ConnectResponse.parseFrom(answer).getError()).isEqualTo("stan: clientID already registered");
        }
        stan.ask(DISCOVER, REQUEST.toBuilder().setClientId("other").build());
        assertThat(stan.log.last().getOpenSession().getClientId()).isEqualTo("other");

        stan.log.answer(ReplyProto.getDefaultInstance());
        assertThat(response().getError()).isEmpty();
        stan.runTimers();
        stan.log.answer(ReplyProto.getDefaultInstance());
        assertThat(response().getError()).isEmpty();
        assertThat(stan.answers).hasSize(6);
    }

    @Test
    void shouldCheckTheSameClientAgainAfterwards() throws Exception {
        stan.ask(DISCOVER, REQUEST);
        stan.log.answer(TAKEN);
        stan.runTimers();
        stan.log.refuse("stan: clientID already registered");
        assertThat(response().getError()).isEqualTo("stan: clientID already registered");
        stan.ask(DISCOVER, REQUEST);
        stan.log.answer(TAKEN);
        stan.runTimers();

        assertThat(stan.log.last().getOpenSession().getReplaces()).isEqualTo(7);
    }

    @Test
    void shouldTakeNobodyForDeadWhomItCouldNotAsk() throws Exception {
        ServiceFixture busy = new ServiceFixture(0);
        busy.ask(DISCOVER, REQUEST);
        busy.log.answer(TAKEN);

        assertThat(ConnectResponse.parseFrom(busy.answer()).getError()).isEqualTo("stan: clientID already registered");
        assertThat(busy.log.commands).hasSize(1);
    }

    @Test
    void shouldReplaceNobodyOnceItIsClosed() {
        stan.router.subscribe(Subject.of(OLD_INBOX), null, Scope.CLUSTER, message -> true);
        stan.ask(DISCOVER, REQUEST);
        stan.log.answer(TAKEN);
        stan.service.close();
        stan.runTimers();
        stan.ask(DISCOVER, REQUEST);

        assertThat(stan.log.commands).hasSize(1);
    }

    @Test
    void shouldServeARequestThatWantsNoAnswer() {
        stan.tell(DISCOVER, REQUEST);
        stan.log.answer(ReplyProto.getDefaultInstance());

        assertThat(stan.log.commands).hasSize(1);
        assertThat(stan.answers).isEmpty();
    }

    private ConnectResponse response() throws Exception {
        return ConnectResponse.parseFrom(stan.answer());
    }
}
