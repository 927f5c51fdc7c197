package io.stanchion.gateway.stan;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.command.CloseSubscriptionProto;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.proto.stan.CloseRequest;
import io.stanchion.proto.stan.CloseResponse;
import io.stanchion.proto.stan.SubscriptionResponse;
import io.stanchion.proto.stan.UnsubscribeRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloseRequestsTest {
    private static final String UNSUB = "_STAN.unsub.test-cluster";
    private static final String SUBCLOSE = "_STAN.subclose.test-cluster";
    private static final String CLOSE = "_STAN.close.test-cluster";
    private static final UnsubscribeRequest UNSUBSCRIBE = UnsubscribeRequest.newBuilder()
            .setClientId("me")
            .setSubject("orders")
            .setInbox("_INBOX.ack")
            .setDurableName("ignored")
            .build();

    private final ServiceFixture stan = new ServiceFixture();

    @Test
    void shouldTellUnsubscribeAndCloseApartByTheSubject() {
        CloseSubscriptionProto close = CloseSubscriptionProto.newBuilder()
                .setClientId("me")
                .setChannel("orders")
                .setInbox("_INBOX.ack")
                .build();
        stan.ask(SUBCLOSE, UNSUBSCRIBE);
        assertThat(stan.log.last().getCloseSubscription()).isEqualTo(close);
        stan.ask(UNSUB, UNSUBSCRIBE);
        assertThat(stan.log.last().getCloseSubscription())
                .isEqualTo(close.toBuilder().setUnsubscribe(true).build());
    }

    @Test
    void shouldAnswerSuccessWithNoBytes() {
        stan.ask(SUBCLOSE, UNSUBSCRIBE);
        stan.ask(UNSUB, UNSUBSCRIBE);
        stan.ask(CLOSE, CloseRequest.newBuilder().setClientId("me").build());
        assertThat(stan.log.last().getCloseSession().getClientId()).isEqualTo("me");
        for (int i = 0; i < 3; i++) {
            stan.log.answer(ReplyProto.getDefaultInstance());
        }

        assertThat(stan.answers)
                .hasSize(3)
                .allSatisfy(answer -> assertThat(answer).isEmpty());
    }

    @Test
    void shouldNameTheSessionThatIsRegisteredWhenTheRequestComes() {
        stan.sessionNumbers.put("me", 9L);
        stan.ask(CLOSE, CloseRequest.newBuilder().setClientId("me").build());
        assertThat(stan.log.last().getCloseSession().getSession()).isEqualTo(9);
        stan.ask(CLOSE, CloseRequest.newBuilder().setClientId("you").build());
        assertThat(stan.log.last().getCloseSession().getSession()).isZero();
    }

    @Test
    void shouldPassOnErrors() throws Exception {
        stan.ask(SUBCLOSE, new byte[0]);
        stan.log.refuse("stan: unknown channel");
        assertThat(SubscriptionResponse.parseFrom(stan.answer()).getError()).isEqualTo("stan: unknown channel");
        stan.ask(CLOSE, new byte[0]);
        stan.log.refuse("stan: unknown clientID");
        assertThat(CloseResponse.parseFrom(stan.answer()).getError()).isEqualTo("stan: unknown clientID");
    }

    @Test
    void shouldRefuseGarbage() throws Exception {
        byte[] clientIdAsNumber = {0x08, 1};
        for (byte[] payload : List.of(ServiceFixture.GARBAGE, clientIdAsNumber)) {
            for (String subject : List.of(UNSUB, SUBCLOSE)) {
                stan.ask(subject, payload);
                assertThat(SubscriptionResponse.parseFrom(stan.answer()).getError())
                        .isEqualTo("stan: invalid unsubscribe request");
            }
            stan.ask(CLOSE, payload);
            assertThat(CloseResponse.parseFrom(stan.answer()).getError()).isEqualTo("stan: invalid close request");
        }
        assertThat(stan.log.commands).isEmpty();
    }

    @Test
    void shouldServeARequestThatWantsNoAnswer() {
        stan.tell(SUBCLOSE, UNSUBSCRIBE);
        stan.log.refuse("stan: invalid subscription");

        assertThat(stan.answers).isEmpty();
    }
}
