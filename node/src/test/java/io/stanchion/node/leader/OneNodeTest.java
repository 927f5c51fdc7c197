package io.stanchion.node.leader;

import static io.stanchion.node.leader.LeaderFixture.MILLI;
import static io.stanchion.node.leader.LeaderFixture.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Interest;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Requests;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Timers;
import io.stanchion.gateway.stan.SessionView;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.gateway.stan.StanPorts;
import io.stanchion.gateway.stan.StanService;
import io.stanchion.gateway.stan.StanSubjects;
import io.stanchion.proto.command.SettingsProto;
import io.stanchion.proto.stan.Ack;
import io.stanchion.proto.stan.CloseRequest;
import io.stanchion.proto.stan.CloseResponse;
import io.stanchion.proto.stan.ConnectRequest;
import io.stanchion.proto.stan.ConnectResponse;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.proto.stan.Ping;
import io.stanchion.proto.stan.PingResponse;
import io.stanchion.proto.stan.PubAck;
import io.stanchion.proto.stan.PubMsg;
import io.stanchion.proto.stan.StartPosition;
import io.stanchion.proto.stan.SubscriptionRequest;
import io.stanchion.proto.stan.SubscriptionResponse;
import io.stanchion.proto.stan.UnsubscribeRequest;
import io.stanchion.raftsm.ratis.LogClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service, the real machine and a leader, in one thread and on clocks of the test, seen from the wire. */
class OneNodeTest {
    private static final SettingsProto SETTINGS =
            SettingsProto.newBuilder().setHeartbeatFailCount(1).build();
    private static final String REPLY = "_INBOX.reply";
    private static final String INBOX = "_INBOX.delivery";

    private final Router router = new Router();
    private final List<byte[]> wire = new ArrayList<>();
    private final List<MsgProto> received = new ArrayList<>();
    private final List<String> order = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private long wallNanos = 1_700_000_000L * SECOND;
    private long monotonicNanos;
    private final LogClock clock =
            new LogClock(() -> Instant.ofEpochSecond(0, wallNanos), () -> monotonicNanos, warnings::add);
    private final MemoryMachine machine = new MemoryMachine(clock::now);
    private final List<Runnable> due = new ArrayList<>();
    private final Timers timers = (delayMillis, task) -> {
        due.add(task);
        return () -> due.remove(task);
    };
    private final Requests requests = new Requests(router, timers, 100);
    private long termNumber;
    private LeaderTerm term;

    @BeforeEach
    void start() {
        SessionView sessions = new SessionView() {
            @Override
            public Standing standing(ByteString connId) {
                return machine.state().heartbeatsMissed(connId) == 0 ? Standing.WELL : Standing.UNKNOWN;
            }

            @Override
            public long numberOf(String clientId) {
                return machine.state().sessionNumber(clientId);
            }
        };
        new StanService(
                        new StanSubjects("c", StanSubjects.DISCOVER_PREFIX),
                        new StanPorts(router, requests, timers, machine, sessions, inbox -> null, () -> true),
                        new StanCounters())
                .start();
        router.subscribe(Subject.of(REPLY), null, Scope.CLUSTER, message -> {
            order.add("reply");
            return wire.add(ByteBufUtil.getBytes(message.content()));
        });
        router.subscribe(Subject.of(INBOX), null, Scope.CLUSTER, message -> {
            order.add("delivery");
            return received.add(parsed(message.content()));
        });
        lead();
        pass(SECOND);
    }

    @Test
    void shouldDeliverAfterTheResponseAndGoOnWhenAcked() throws Exception {
        connect("me");
        publish("a");
        publish("b");
        assertThat(PubAck.parseFrom(answer()))
                .isEqualTo(PubAck.newBuilder().setGuid("g-b").build());
        order.clear();
        String ackInbox = subscribe("", 1);

        assertThat(order).containsExactly("reply", "delivery");
        assertThat(data()).containsExactly("a");
        assertThat(received.get(0).getSequence()).isEqualTo(1);
        assertThat(received.get(0).getTimestamp()).isEqualTo(wallNanos);
        ack(ackInbox, 1);
        assertThat(data()).containsExactly("a", "b");
    }

    @Test
    void shouldRedeliverUntilAcked() throws Exception {
        connect("me");
        String ackInbox = subscribe("", 10);
        publish("a");
        pass(30 * SECOND - 16 * MILLI);
        assertThat(received).hasSize(1);
        pass(16 * MILLI);
        pass(30 * SECOND);
        assertThat(received).extracting(MsgProto::getRedeliveryCount).containsExactly(0, 1, 2);
        assertThat(received).extracting(MsgProto::getRedelivered).containsExactly(false, true, true);
        ack(ackInbox, 1);
        pass(300 * SECOND);
        assertThat(received).hasSize(3);
    }

    @Test
    void shouldRedeliverInTimeWhateverHappensToTheWallClock() throws Exception {
        connect("me");
        subscribe("", 10);
        publish("a");
        wallNanos -= 3600 * SECOND;
        passSecondBySecond(33);
        assertThat(received).as("a tenth later").hasSize(1);
        passSecondBySecond(1);
        assertThat(received).extracting(MsgProto::getRedeliveryCount).containsExactly(0, 1);
        wallNanos += 365 * 24 * 3600 * SECOND;
        passSecondBySecond(27);
        assertThat(received).as("a tenth earlier").hasSize(2);
        passSecondBySecond(1);
        assertThat(received).extracting(MsgProto::getRedeliveryCount).containsExactly(0, 1, 2);
        assertThat(warnings).as("one per jump").hasSize(2);
    }

    @Test
    void shouldRedeliverInTimeWhenTheNextLeadersWallClockIsBehind() throws Exception {
        connect("me");
        subscribe("", 10);
        publish("a");
        wallNanos -= 3600 * SECOND;
        lead();
        passSecondBySecond(1);
        assertThat(received).extracting(MsgProto::getRedeliveryCount).containsExactly(0, 1);
        passSecondBySecond(34);
        assertThat(received).extracting(MsgProto::getRedeliveryCount).containsExactly(0, 1, 2);
    }

    @Test
    void shouldDeliverAgainWhatWasPendingWhenAnotherLeaderTakesOver() throws Exception {
        connect("me");
        String ackInbox = subscribe("", 10);
        publish("a");
        publish("b");
        ack(ackInbox, 1);
        lead();
        publish("c");
        assertThat(data()).as("nothing flows before the take-over").containsExactly("a", "b");
        pass(100 * MILLI);
        assertThat(data()).containsExactly("a", "b", "b", "c");
        assertThat(received.get(2).getRedeliveryCount()).isEqualTo(1);
        assertThat(received.get(3).getRedelivered()).isFalse();
        ack(ackInbox, 2);
        pass(30 * SECOND);
        assertThat(data()).containsExactly("a", "b", "b", "c", "c");
    }

    @Test
    void shouldResumeADurable() throws Exception {
        connect("me");
        String ackInbox = subscribe("dur", 1);
        publish("a");
        publish("b");
        ack(ackInbox, 1);
        UnsubscribeRequest close = UnsubscribeRequest.newBuilder()
                .setClientId("me")
                .setSubject("orders")
                .setInbox(ackInbox)
                .build();
        request("_STAN.subclose.c", close);
        assertThat(answer()).isEmpty();
        request("_STAN.subclose.c", close);
        assertThat(SubscriptionResponse.parseFrom(answer()).getError()).isEqualTo("stan: invalid subscription");
        received.clear();
        subscribe("dur", 2);

        assertThat(data()).containsExactly("b");
        assertThat(received.get(0).getRedelivered()).isTrue();
    }

    @Test
    void shouldCloseASessionThatDoesNotAnswer() throws Exception {
        Interest heart = connect("me");
        heart.close();
        pass(30 * SECOND);
        publish("still me");
        assertThat(PubAck.parseFrom(answer()).getError()).isEmpty();
        pass(30 * SECOND);
        publish("gone");
        assertThat(PubAck.parseFrom(answer()).getError()).isEqualTo("stan: invalid publish request");
        request("_STAN.close.c", CloseRequest.newBuilder().setClientId("me").build());
        assertThat(CloseResponse.parseFrom(answer()).getError()).isEqualTo("stan: unknown clientID");
    }

    @Test
    void shouldClearMissedHeartbeatsWhenTheClientPings() throws Exception {
        Interest heart = connect("me");
        heart.close();
        pass(30 * SECOND);
        assertThat(machine.state().heartbeatsMissed(connId("me"))).isEqualTo(1);
        answerHeartbeats("me");
        request(
                "_STAN.discover.c.pings",
                Ping.newBuilder().setConnId(connId("me")).build());

        assertThat(answer()).isEmpty();
        assertThat(machine.state().heartbeatsMissed(connId("me"))).isZero();
    }

    @Test
    void shouldLetADeadClientsSuccessorIn() throws Exception {
        Interest heart = connect("me");
        request("_STAN.discover.c", connectRequest("me", "other"));
        assertThat(ConnectResponse.parseFrom(answer()).getError()).isEqualTo("stan: clientID already registered");
        heart.close();
        request("_STAN.discover.c", connectRequest("me", "other"));
        runTimers();
        assertThat(ConnectResponse.parseFrom(answer()).getError()).isEmpty();
        request(
                "_STAN.discover.c.pings",
                Ping.newBuilder().setConnId(connId("me")).build());
        assertThat(PingResponse.parseFrom(answer()).getError())
                .isEqualTo("client has been replaced or is no longer registered");
    }

    /** Whatever the gateway waits for has had its time. */
    private void runTimers() {
        List<Runnable> all = List.copyOf(due);
        due.clear();
        all.forEach(Runnable::run);
        run();
    }

    private void lead() {
        clock.end();
        clock.begin(machine.state().clockNanos());
        LeaderPorts ports = new LeaderPorts(
                router,
                requests,
                machine,
                machine,
                new StanCounters(),
                new Clocks(clock::now, () -> monotonicNanos, () -> monotonicNanos / 1_000_000),
                id -> "",
                (what, cause) -> {
                    throw new AssertionError(what, cause);
                });
        term = new LeaderTerm(++termNumber, LeaderSettings.of(SETTINGS, 30_000, 10_000, 300), ports);
        run();
    }

    private void pass(long nanos) {
        wallNanos += nanos;
        monotonicNanos += nanos;
        run();
    }

    /** As a leader sees it, which looks at the time once a second at least. */
    private void passSecondBySecond(int seconds) {
        for (int i = 0; i < seconds; i++) {
            pass(SECOND);
        }
    }

    private void run() {
        boolean busy = true;
        while (busy) {
            machine.commit(termNumber, (leading, effects) -> term.submit(effects));
            busy = term.turn() || !machine.isIdle();
        }
    }

    private Interest connect(String clientId) throws Exception {
        Interest heart = answerHeartbeats(clientId);
        request("_STAN.discover.c", connectRequest(clientId, clientId));
        assertThat(ConnectResponse.parseFrom(answer()).getError()).isEmpty();
        return heart;
    }

    private Interest answerHeartbeats(String name) {
        return router.subscribe(Subject.of("heart." + name), null, Scope.CLUSTER, message -> {
            router.publish(new Message(message.reply(), null, 0, Unpooled.EMPTY_BUFFER));
            return true;
        });
    }

    private static ConnectRequest connectRequest(String clientId, String name) {
        return ConnectRequest.newBuilder()
                .setClientId(clientId)
                .setHeartbeatInbox("heart." + name)
                .setConnId(connId(name))
                .setProtocol(1)
                .build();
    }

    private static ByteString connId(String name) {
        return ByteString.copyFromUtf8("conn-" + name);
    }

    private String subscribe(String durable, int maxInFlight) throws Exception {
        request(
                "_STAN.sub.c",
                SubscriptionRequest.newBuilder()
                        .setClientId("me")
                        .setSubject("orders")
                        .setInbox(INBOX)
                        .setDurableName(durable)
                        .setMaxInFlight(maxInFlight)
                        .setAckWaitInSecs(30)
                        .setStartPosition(StartPosition.First)
                        .build());
        SubscriptionResponse response = SubscriptionResponse.parseFrom(answer());
        assertThat(response.getError()).isEmpty();
        return response.getAckInbox();
    }

    private void publish(String data) {
        request(
                "_STAN.pub.c.orders",
                PubMsg.newBuilder()
                        .setClientId("me")
                        .setGuid("g-" + data)
                        .setSubject("orders")
                        .setData(ByteString.copyFromUtf8(data))
                        .setConnId(connId("me"))
                        .build());
    }

    private void ack(String ackInbox, long sequence) {
        send(
                ackInbox,
                null,
                Ack.newBuilder().setSubject("orders").setSequence(sequence).build());
    }

    private void request(String subject, MessageLite request) {
        send(subject, Subject.of(REPLY), request);
    }

    private void send(String subject, Subject reply, MessageLite payload) {
        router.publish(new Message(Subject.of(subject), reply, 0, Unpooled.wrappedBuffer(payload.toByteArray())));
        run();
    }

    private byte[] answer() {
        return wire.get(wire.size() - 1);
    }

    private List<String> data() {
        return received.stream()
                .map(message -> message.getData().toStringUtf8())
                .toList();
    }

    private static MsgProto parsed(ByteBuf content) {
        try {
            return MsgProto.parseFrom(ByteBufUtil.getBytes(content));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
