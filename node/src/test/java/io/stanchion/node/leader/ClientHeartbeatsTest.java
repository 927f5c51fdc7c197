package io.stanchion.node.leader;

import static io.stanchion.node.leader.LeaderFixture.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.proto.command.SettingsProto;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.effect.Effect.HeartbeatNow;
import io.stanchion.raftsm.effect.Effect.SessionClosed;
import io.stanchion.raftsm.effect.Effect.SessionOpened;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientHeartbeatsTest {
    private static final long INTERVAL = LeaderFixture.INTERVAL_MILLIS * LeaderFixture.MILLI;

    private final LeaderFixture leader = new LeaderFixture();
    private final List<String> asked = new ArrayList<>();

    @Test
    void shouldReportTheFirstAnswerAndThenBeSilent() {
        leader.answerOn("heart.me");
        leader.perform(opened("me", 1));
        leader.pass(INTERVAL - 1);
        assertThat(reports()).isEmpty();
        leader.pass(1);
        assertThat(reports()).containsExactly("me 1 answered");
        for (int i = 0; i < 10; i++) {
            leader.pass(INTERVAL);
        }
        assertThat(reports()).isEmpty();
    }

    @Test
    void shouldReportEveryMissAndTheFirstAnswerAfterwards() {
        leader.perform(opened("me", 1));
        leader.pass(INTERVAL);
        leader.pass(INTERVAL);
        assertThat(reports()).containsExactly("me 1 missed", "me 1 missed");
        leader.answerOn("heart.me");
        leader.pass(INTERVAL);
        leader.pass(INTERVAL);
        assertThat(reports()).containsExactly("me 1 answered");
    }

    @Test
    void shouldBeginTheNextIntervalAfterTheTimeout() {
        listenOn("heart.me");
        leader.perform(opened("me", 1));
        leader.pass(INTERVAL);
        assertThat(asked).hasSize(1);
        leader.pass(10 * SECOND);
        leader.timeOutRequests();
        assertThat(reports()).containsExactly("me 1 missed");
        leader.pass(INTERVAL - 1);
        assertThat(asked).hasSize(1);
        leader.pass(1);
        assertThat(asked).hasSize(2);
    }

    @Test
    void shouldAskNobodyWhoseSessionIsClosed() {
        leader.perform(opened("me", 1));
        leader.perform(new SessionClosed("me", 2, false));
        leader.pass(INTERVAL);
        assertThat(reports()).hasSize(1);
        leader.perform(new SessionClosed("me", 1, false));
        leader.pass(INTERVAL);
        assertThat(reports()).isEmpty();
    }

    @Test
    void shouldForgetTheOldSessionWhenItIsReplaced() {
        listenOn("heart.me");
        leader.perform(opened("me", 1));
        leader.pass(INTERVAL);
        leader.perform(new SessionClosed("me", 1, false), opened("me", 2));
        leader.timeOutRequests();
        assertThat(reports()).isEmpty();
        leader.pass(INTERVAL);
        assertThat(asked).hasSize(2);
        leader.timeOutRequests();
        assertThat(reports()).containsExactly("me 2 missed");
    }

    @Test
    void shouldNotMindBeingToldTwice() {
        listenOn("heart.me");
        leader.perform(opened("me", 1));
        leader.pass(INTERVAL / 2);
        leader.perform(opened("me", 1));
        leader.pass(INTERVAL / 2);

        assertThat(asked).hasSize(1);
    }

    @Test
    void shouldAskAtOnceWhenAClientPings() {
        leader.perform(opened("me", 1));
        leader.pass(INTERVAL);
        assertThat(reports()).containsExactly("me 1 missed");
        leader.answerOn("heart.me");
        leader.perform(new HeartbeatNow("me", 1), new HeartbeatNow("you", 1), new HeartbeatNow("me", 2));

        assertThat(reports()).containsExactly("me 1 answered");
    }

    @Test
    void shouldCountTheLaterAnswerWhenItAskedTwice() {
        listenOn("heart.me");
        leader.perform(opened("me", 1));
        leader.pass(INTERVAL);
        List<Runnable> firstTimeout = List.copyOf(leader.requestTimers);
        leader.answerOn("heart.me");
        leader.perform(new HeartbeatNow("me", 1));
        firstTimeout.forEach(Runnable::run);
        leader.run();

        assertThat(reports()).containsExactly("me 1 answered");
    }

    @Test
    void shouldCountMissesOfAClientThatPingsFasterThanItCanBeFoundSilent() {
        listenOn("heart.me");
        leader.perform(opened("me", 1));
        leader.pass(INTERVAL);
        for (int i = 0; i < 3; i++) {
            Runnable timeout = leader.requestTimers.get(0);
            leader.perform(new HeartbeatNow("me", 1));
            leader.perform(new HeartbeatNow("me", 1));
            assertThat(asked).as("asks under way").hasSize(2 * i + 2);
            timeout.run();
            leader.run();
            assertThat(reports()).as("round " + i).containsExactly("me 1 missed");
            leader.timeOutRequests();
            assertThat(reports()).as("the second of the round").isEmpty();
            leader.perform(new HeartbeatNow("me", 1));
        }
    }

    @Test
    void shouldCountTheAnswerToAnEarlierQuestion() {
        List<Message> questions = new ArrayList<>();
        leader.router.subscribe(Subject.of("heart.me"), null, Scope.CLUSTER, questions::add);
        leader.perform(opened("me", 1));
        leader.pass(INTERVAL);
        leader.perform(new HeartbeatNow("me", 1));
        assertThat(questions).hasSize(2);
        leader.router.publish(new Message(questions.get(0).reply(), null, 0, Unpooled.EMPTY_BUFFER));
        leader.run();
        assertThat(reports()).containsExactly("me 1 answered");
        leader.timeOutRequests();
        assertThat(reports()).as("it was alive after it had been asked").isEmpty();
    }

    @Test
    void shouldSpreadManyOverOneIntervalMore() {
        leader.router.subscribe(
                Subject.of("heart.*"),
                null,
                Scope.CLUSTER,
                m -> asked.add(m.subject().toString()));
        Effect[] all = new Effect[10];
        for (int i = 0; i < all.length; i++) {
            all[i] = opened("c" + i, i + 1);
        }
        leader.perform(all);
        leader.pass(INTERVAL);
        assertThat(asked).containsExactly("heart.c0");
        leader.pass(INTERVAL / 2);
        assertThat(asked).hasSize(6);
        leader.pass(INTERVAL / 2);
        assertThat(asked).hasSize(10);
    }

    @Test
    void shouldNotCallItAMissWhenItCouldNotAsk() {
        LeaderFixture busy = new LeaderFixture(SettingsProto.getDefaultInstance(), 1);
        busy.router.subscribe(Subject.of("heart.*"), null, Scope.CLUSTER, m -> asked.add("asked"));
        busy.perform(opened("a", 1));
        busy.perform(opened("b", 2));
        busy.pass(INTERVAL);
        assertThat(asked).hasSize(1);
        assertThat(busy.takeProposed()).isEmpty();
        busy.timeOutRequests();
        busy.pass(ClientHeartbeats.UNSENT_RETRY_NANOS);
        assertThat(asked).hasSize(2);
    }

    @Test
    void shouldCallItAMissWhenTheInboxCanReceiveNothing() {
        leader.perform(new SessionOpened("me", 1, ByteString.EMPTY, "no inbox"));
        leader.pass(INTERVAL);

        assertThat(reports()).containsExactly("me 1 missed");
    }

    @Test
    void shouldReportTheNextAnswerWhenAReportWasRefused() {
        leader.answerOn("heart.me");
        leader.pass(SECOND);
        leader.answer();
        leader.answer();
        leader.perform(opened("me", 1));
        leader.pass(INTERVAL);
        assertThat(reports()).hasSize(1);
        leader.refuse();
        leader.pass(INTERVAL);

        assertThat(reports()).containsExactly("me 1 answered");
    }

    private static SessionOpened opened(String clientId, long session) {
        return new SessionOpened(clientId, session, ByteString.EMPTY, "heart." + clientId);
    }

    private void listenOn(String inbox) {
        leader.router.subscribe(
                Subject.of(inbox),
                null,
                Scope.CLUSTER,
                m -> asked.add(m.subject().toString()));
    }

    private List<String> reports() {
        return leader.takeProposed().stream()
                .map(command -> command.getHeartbeat())
                .map(beat ->
                        beat.getClientId() + " " + beat.getSession() + (beat.getAnswered() ? " answered" : " missed"))
                .toList();
    }
}
