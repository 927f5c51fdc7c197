package io.stanchion.gateway.stan;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.proto.stan.Ack;
import io.stanchion.proto.stan.Ping;
import io.stanchion.proto.stan.PingResponse;
import org.junit.jupiter.api.Test;

class PingAndAckRequestsTest {
    private static final String PINGS = "_STAN.discover.test-cluster.pings";
    private static final String ACK_INBOX = "_INBOX.stan-ack-test-cluster.abc";
    private static final ByteString CONN_ID = ByteString.copyFromUtf8("conn");
    private static final Ping PING = Ping.newBuilder().setConnId(CONN_ID).build();

    private final ServiceFixture stan = new ServiceFixture();

    @Test
    void shouldAnswerForAHealthySessionAtOnce() {
        stan.sessions.put(CONN_ID, SessionView.Standing.WELL);
        stan.ask(PINGS, PING);

        assertThat(stan.answer()).isEmpty();
        assertThat(stan.log.commands).isEmpty();
    }

    @Test
    void shouldAskTheLogAboutAllOthers() throws Exception {
        stan.ask(PINGS, PING);
        assertThat(stan.log.last().getPingSession().getConnId()).isEqualTo(CONN_ID);
        assertThat(stan.answers).isEmpty();
        stan.log.refuse("client has been replaced or is no longer registered");
        assertThat(PingResponse.parseFrom(stan.answer()).getError())
                .isEqualTo("client has been replaced or is no longer registered");

        stan.sessions.put(CONN_ID, SessionView.Standing.MISSING_HEARTBEATS);
        stan.ask(PINGS, PING);
        stan.log.answer(ReplyProto.getDefaultInstance());
        assertThat(stan.log.commands).hasSize(2);
        assertThat(stan.answer()).isEmpty();
    }

    /** Any error in the answer ends the client; without an answer it waits for as long as it was told to. */
    @Test
    void shouldNotAnswerWhenTheLogCannotSay() {
        stan.ask(PINGS, PING);
        stan.log.refuse("node is not the leader");

        assertThat(stan.answers).isEmpty();
    }

    @Test
    void shouldNotAnswerWhatIsNoPing() {
        stan.ask(PINGS, new byte[0]);
        stan.ask(PINGS, ServiceFixture.GARBAGE);

        assertThat(stan.answers).isEmpty();
        assertThat(stan.log.commands).isEmpty();
    }

    @Test
    void shouldKnowNobodyWithoutAConnectionId() throws Exception {
        stan.ask(PINGS, new byte[] {0x10, 1});

        assertThat(PingResponse.parseFrom(stan.answer()).getError())
                .isEqualTo("client has been replaced or is no longer registered");
    }

    @Test
    void shouldHandAcksToTheLog() {
        ack(Ack.newBuilder().setSubject("orders").setSequence(5).build().toByteArray());
        ack(Ack.newBuilder().setSequence(Long.MAX_VALUE - 1).build().toByteArray());

        assertThat(stan.log.acks).containsExactly(ACK_INBOX + " 5", ACK_INBOX + " " + (Long.MAX_VALUE - 1));
        assertThat(stan.answers).isEmpty();
    }

    @Test
    void shouldIgnoreAcksThatCanMeanNothing() {
        ack(new byte[0]);
        ack(ServiceFixture.GARBAGE);
        ack(new byte[] {0x08, 1, 0x10, 5});
        ack(Ack.newBuilder().setSequence(-1).build().toByteArray());

        assertThat(stan.log.acks).isEmpty();
        assertThat(stan.answers).isEmpty();
    }

    private void ack(byte[] payload) {
        stan.ask(ACK_INBOX, payload);
    }
}
