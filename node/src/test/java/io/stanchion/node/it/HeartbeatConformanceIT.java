package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.node.it.RawNatsClient.RawMessage;
import io.stanchion.proto.stan.PingResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Section 3.2 and 3.3 with short intervals, and 5.6, which is a setting too. */
class HeartbeatConformanceIT extends ConformanceTestBase {
    private static final int FAIL_COUNT = 3;
    private static final Duration LIMIT = Duration.ofSeconds(15);

    HeartbeatConformanceIT() {
        super(
                "hb_interval: \"300ms\"",
                "hb_timeout: \"300ms\"",
                "hb_fail_count: " + FAIL_COUNT,
                "replace_durable: true");
    }

    /** A session whose heartbeats come to the test. */
    private record Patient(RawSession session, String inbox, BlockingQueue<RawMessage> heartbeats) {
        void miss() {
            RawNatsClient.take(heartbeats, "a heartbeat");
        }

        void answer() throws IOException {
            session.stan()
                    .nats()
                    .publish(RawNatsClient.take(heartbeats, "a heartbeat").reply(), null, new byte[0]);
        }

        boolean isRegistered() throws IOException {
            return PingResponse.parseFrom(session.stan().ping("conn-" + session.clientId()))
                    .getError()
                    .isEmpty();
        }
    }

    private Patient patient(Way way) throws IOException {
        RawStanClient stan = connection(way);
        String name = unused();
        String inbox = stan.newInbox();
        BlockingQueue<RawMessage> heartbeats = stan.nats().subscribe(inbox);
        assertThat(stan.connect(RawStanClient.connectRequest(name, inbox).build())
                        .getError())
                .isEmpty();
        return new Patient(new RawSession(stan, name), inbox, heartbeats);
    }

    /** Pings would hurry the heartbeats, so publishes ask whether the session lives. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEADER_LOST")
    @DisplayName("row 4")
    void shouldCloseASessionWithTheMissThatIsOneTooMany(Way way) throws Exception {
        String channel = unused();
        Patient patient = patient(way);
        RawSubscription witness = session(way).subscribe(channel, options -> options);
        for (int i = 0; i < FAIL_COUNT; i++) {
            patient.miss();
            patient.session().publish(channel, "" + i);
        }
        witness.awaitNew("0", "1", "2");
        patient.miss();
        RawSession session = patient.session();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(session.stan()
                                .publish(session.clientId(), channel, "too late")
                                .getError())
                        .isEqualTo("stan: invalid publish request"));
        assertThat(patient.isRegistered()).isFalse();
        assertThat(patient.heartbeats()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "LEADER_LOST")
    @DisplayName("row 4, across a leader change: the new leader goes on asking")
    void shouldCloseASilentSessionThoughTheLeaderIsLost(Way way) throws Exception {
        Patient patient = patient(way);
        RawSession answering = session(way);
        patient.miss();
        world().disturb(way);
        RawSession session = patient.session();
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(session.stan()
                                .publish(session.clientId(), "any", "x")
                                .getError())
                        .isEqualTo("stan: invalid publish request"));
        answering.publish("any", "lives");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 6")
    void shouldSendAHeartbeatAtOnceWhenASessionThatMissedOnePings(Way way) throws Exception {
        Patient patient = patient(way);
        patient.miss();
        world().disturb(way);
        patient.heartbeats().clear(); // an answer to the leader that is gone would not count
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> {
            // The miss is known when a ping hurries the next heartbeat: long before the interval is over.
            assertThat(patient.isRegistered()).isTrue();
            return !patient.heartbeats().isEmpty();
        });
        patient.answer();
        for (int i = 0; i < FAIL_COUNT; i++) {
            patient.miss(); // the count began at zero, else the session would be closed by these
        }
        assertThat(patient.isRegistered()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEADER_LOST")
    @DisplayName("3.2: what is new is still sent, what expires waits for a heartbeat")
    void shouldNotRedeliverToASessionThatMissesHeartbeats(Way way) throws Exception {
        String channel = unused();
        RawSession publisher = session(way);
        Patient patient = patient(way);
        RawSubscription plain = patient.session().subscribe(channel, options -> options.setAckWaitInSecs(1));
        patient.miss();
        publisher.publish(channel, "1");
        plain.awaitNew("1");
        patient.miss();
        publisher.publish(channel, "2");
        plain.awaitNew("2");
        patient.miss();
        assertThat(plain.deliveries()).as("an ack wait and more has passed").isEmpty();
        patient.session().stan().nats().answer(patient.inbox());
        assertThat(plain.take().getRedelivered()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("row 15")
    void shouldReplaceADurableThatIsOnline(Way way) throws Exception {
        String channel = unused();
        RawSession session = session(way);
        RawSubscription first = session.subscribe(channel, options -> options.setDurableName("d"));
        session.publish(channel, "1");
        first.awaitNew("1");
        if (way == Way.LEADER_LOST) {
            world().disturb(way);
            first.awaitRedelivered("1"); // the new leader cannot know that it arrived
        }
        RawSubscription second = session.subscribe(channel, options -> options.setDurableName("d"));
        second.awaitRedelivered("1");
        session.publish(channel, "2");
        second.awaitNew("2");
        assertThat(first.closeError()).isEqualTo("stan: invalid subscription");
        assertThat(first.unsubscribeError()).isEqualTo("stan: invalid subscription");
        first.expectSilence();
        second.ack(1, 2);
        second.close();
    }
}
