package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.stanchion.node.it.RawNatsClient.RawMessage;
import io.stanchion.proto.stan.CloseResponse;
import io.stanchion.proto.stan.ConnectRequest;
import io.stanchion.proto.stan.ConnectResponse;
import io.stanchion.proto.stan.Ping;
import io.stanchion.proto.stan.PingResponse;
import io.stanchion.proto.stan.StartPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Section 3: connect, ping, close, and who a client is. */
class SessionConformanceIT extends ConformanceTestBase {
    private static final String DUPLICATE = "stan: clientID already registered";
    private static final String REPLACED = "client has been replaced or is no longer registered";

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 2: first alive")
    void shouldRefuseAConnectWhileTheHolderOfTheIdAnswers(Way way) throws Exception {
        RawSession first = session(way);
        world().disturb(way);

        assertThat(connect(connection(way), first.clientId(), "second").getError())
                .isEqualTo(DUPLICATE);

        first.publish(unused(), "still mine");
        assertThat(first.stan().ping("conn-" + first.clientId())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 2: first dead")
    void shouldReplaceADeadSessionAndKeepOnlyItsDurables(Way way) throws Exception {
        String channel = unused();
        RawSession dead = session(way);
        RawSubscription plain = dead.subscribe(channel, options -> options);
        RawSubscription durable = dead.subscribe(channel, options -> options.setDurableName("d"));
        dead.publish(channel, "1");
        durable.awaitNew("1");
        dead.stan().close();
        world().disturb(way);

        RawSession alive = session(connection(way), dead.clientId());
        assertThat(alive.stan()
                        .closeSubscription(alive.ending(channel, plain.ackInbox()))
                        .getError())
                .isEqualTo("stan: invalid subscription");
        RawSubscription resumed = alive.subscribe(channel, options -> options.setDurableName("d"));
        resumed.awaitRedelivered("1");
        alive.publish(channel, "2");
        resumed.awaitNew("2");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 3")
    void shouldLetExactlyOneOfFiveParallelConnectsWinADeadId(Way way) throws Exception {
        RawStanClient stan = connection(way);
        String name = unused();
        assertThat(stan.connect(name).getError()).isEmpty(); // listens to its heartbeats, and never answers
        List<BlockingQueue<RawMessage>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(send(stan, name, "conn-" + i));
        }
        if (way == Way.LEADER_LOST) {
            world().disturb(way);
        } else {
            long before = System.nanoTime();
            assertThat(session(connection(way), unused()).clientId()).isNotEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("another ID does not wait for the check")
                    .isLessThan(Duration.ofMillis(500));
        }

        int winners = 0;
        for (BlockingQueue<RawMessage> answer : answers) {
            String error = ConnectResponse.parseFrom(
                            RawNatsClient.take(answer, "a verdict").payload())
                    .getError();
            winners += error.isEmpty() ? 1 : 0;
            assertThat(error).isIn("", DUPLICATE);
        }
        assertThat(winners).isOne();
    }

    /** The losers must not have to wait for the verdict on the winner. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEADER_LOST")
    @DisplayName("row 3: the others fail fast")
    void shouldRefuseASecondConnectAtOnceWhileTheFirstIsBeingChecked(Way way) throws Exception {
        RawStanClient stan = connection(way);
        String name = unused();
        String heartbeats = stan.newInbox();
        BlockingQueue<RawMessage> asked = stan.nats().subscribe(heartbeats);
        stan.connect(RawStanClient.connectRequest(name, heartbeats).build());

        BlockingQueue<RawMessage> first = send(stan, name, "first");
        RawNatsClient.take(asked, "the duplicate check");
        assertThat(connect(stan, name, "second").getError()).isEqualTo(DUPLICATE);
        assertThat(first).as("the first is still waiting").isEmpty();
        assertThat(ConnectResponse.parseFrom(
                                RawNatsClient.take(first, "a verdict").payload())
                        .getError())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 5")
    void shouldAnswerPingsByConnectionIdOnly(Way way) throws Exception {
        RawSession session = session(way);
        world().disturb(way);
        RawStanClient stan = session.stan();

        assertThat(stan.ping("conn-" + session.clientId())).isEmpty();
        assertThat(PingResponse.parseFrom(stan.ping("somebody")).getError()).isEqualTo(REPLACED);
        String inbox = stan.newInbox();
        BlockingQueue<RawMessage> answer = stan.nats().subscribe(inbox);
        stan.nats()
                .publish(
                        stan.discoverSubject() + ".pings",
                        inbox,
                        Ping.getDefaultInstance().toByteArray());
        assertThat(stan.ping("conn-" + session.clientId())).isEmpty(); // answered later than the empty one would be
        assertThat(answer).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 7, and zombies (3.4)")
    void shouldKnowAReplacedClientByItsConnectionIdOnly(Way way) throws Exception {
        String channel = unused();
        RawStanClient zombie = connection(way);
        String name = unused();
        zombie.connect(name); // its heartbeats are heard and not answered
        RawStanClient stan = connection(way);
        assertThat(connect(stan, name, "successor").getError()).isEmpty();
        world().disturb(way);

        var stale = message(channel, "1")
                .setClientId(name)
                .setConnId(ByteString.copyFromUtf8("conn-" + name))
                .build();
        assertThat(zombie.publish(channel, stale).getError()).isEqualTo("stan: invalid publish request");
        assertThat(PingResponse.parseFrom(zombie.ping("conn-" + name)).getError())
                .contains("replaced")
                .isEqualTo(REPLACED);
        assertThat(zombie.publish(name, channel, "2").getError()).isEmpty();
        new RawSession(zombie, name)
                .subscribe(channel, options -> options.setStartPosition(StartPosition.First))
                .awaitNew("2");
        var byConnId = message(channel, "3")
                .setClientId("ignored")
                .setConnId(ByteString.copyFromUtf8("successor"))
                .build();
        assertThat(stan.publish(channel, byConnId).getError()).isEmpty();
        assertThat(zombie.closeSession(name)).isEmpty(); // even that
        assertThat(stan.publish(channel, byConnId).getError()).isEqualTo("stan: invalid publish request");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("3.1: protocol 0")
    void shouldNotSpeakOfPingsToAnOldClient(Way way) throws Exception {
        RawStanClient stan = connection(way);
        ConnectResponse response = stan.connect(ConnectRequest.newBuilder()
                .setClientId(unused())
                .setHeartbeatInbox(stan.newInbox())
                .setPingInterval(5)
                .setPingMaxOut(3)
                .build());
        assertThat(response.getError()).isEmpty();
        assertThat(response.getPingRequests()).isEmpty();
        assertThat(response.getPingInterval()).isZero();
        assertThat(response.getPingMaxOut()).isZero();
        assertThat(response.getProtocol()).isOne();
        assertThat(response.getPublicKey()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("3.1: a session has no tie to a connection")
    void shouldKeepASessionWhenItsConnectionIsAnotherOne(Way way) throws Exception {
        String channel = unused();
        RawSession first = session(way);
        RawSession second = session(first.stan(), unused()); // two on one connection
        second.publish(channel, "1");
        first.stan().close();
        world().disturb(way);

        new RawSession(connection(way), first.clientId()).publish(channel, "2");
        new RawSession(connection(way), second.clientId()).publish(channel, "3");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("3.1: heartbeat inboxes are not looked at")
    void shouldAcceptAHeartbeatInboxThatLooksLikeAPattern(Way way) throws Exception {
        RawStanClient stan = connection(way);
        ConnectRequest request =
                RawStanClient.connectRequest(unused(), "odd.*.inbox.>").build();
        assertThat(stan.connect(request).getError()).isEmpty();
        assertThat(stan.connect(request).getError()).isEmpty(); // nobody listens there, so the first is dead
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("3.5, and O2: a subscribe before a close is done before it")
    void shouldCloseBehindEverythingThatTheConnectionSentBefore(Way way) throws Exception {
        RawSession session = session(way);
        RawStanClient stan = session.stan();
        String channel = unused();
        String subscribed = stan.newInbox();
        BlockingQueue<RawMessage> answer = stan.nats().subscribe(subscribed);
        stan.nats()
                .publish(
                        "_STAN.sub.it-cluster",
                        subscribed,
                        RawStanClient.subscription(session.clientId(), channel, stan.newInbox())
                                .setDurableName("d")
                                .build()
                                .toByteArray());
        session.close();
        assertThat(answer).as("answered before the close").hasSize(1);

        assertThat(CloseResponse.parseFrom(stan.closeSession(session.clientId()))
                        .getError())
                .isEqualTo("stan: unknown clientID");
        RawSession again = session(connection(way), session.clientId());
        again.publish(channel, "published while the durable was offline");
        again.subscribe(channel, options -> options.setDurableName("d"))
                .awaitNew("published while the durable was offline");
    }

    private static ConnectResponse connect(RawStanClient stan, String name, String connId) throws IOException {
        return ConnectResponse.parseFrom(
                RawNatsClient.take(send(stan, name, connId), "an answer").payload());
    }

    private static BlockingQueue<RawMessage> send(RawStanClient stan, String name, String connId) throws IOException {
        String heartbeats = stan.newInbox();
        stan.nats().answer(heartbeats);
        String inbox = stan.newInbox();
        BlockingQueue<RawMessage> answer = stan.nats().subscribe(inbox);
        stan.nats()
                .publish(
                        stan.discoverSubject(),
                        inbox,
                        RawStanClient.connectRequest(name, heartbeats)
                                .setConnId(ByteString.copyFromUtf8(connId))
                                .build()
                                .toByteArray());
        return answer;
    }
}
