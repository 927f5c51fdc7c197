package io.stanchion.node.leader;

import static io.stanchion.node.leader.LeaderFixture.MILLI;
import static io.stanchion.node.leader.LeaderFixture.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.command.CommandProto;
import io.stanchion.raftsm.effect.Effect.ArmAckTimer;
import io.stanchion.raftsm.effect.Effect.Deliver;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AckTimersTest {
    private final LeaderFixture leader = new LeaderFixture();

    @BeforeEach
    void passTheStartOfTheTerm() {
        leader.pass(SECOND);
        leader.answer();
        leader.answer();
        leader.takeProposed();
    }

    @Test
    void shouldRingOncePerSubscriptionAtTheEarliestDeadline() {
        long now = leader.now();
        leader.perform(deliver(1, now + 30 * SECOND), deliver(1, now + 40 * SECOND), deliver(2, now + 35 * SECOND));
        leader.perform(deliver(1, now + 20 * SECOND));
        leader.pass(20 * SECOND - 1);
        assertThat(leader.takeProposed()).isEmpty();
        leader.pass(1);
        assertThat(expired()).containsExactly(1L);
        leader.answer();
        leader.pass(15 * SECOND);
        assertThat(expired()).containsExactly(2L);
    }

    @Test
    void shouldRingAgainWhenTheOutcomeArmsIt() {
        leader.perform(deliver(1, leader.now() + SECOND));
        leader.pass(SECOND);
        assertThat(expired()).containsExactly(1L);
        leader.perform(new ArmAckTimer(1, leader.now() + 30 * SECOND));
        leader.answer();
        leader.pass(30 * SECOND - 1);
        assertThat(leader.takeProposed()).isEmpty();
        leader.pass(1);
        assertThat(expired()).containsExactly(1L);
    }

    @Test
    void shouldRingAgainWhenTheReplyComesBeforeTheEffects() {
        leader.perform(deliver(1, leader.now() + SECOND));
        leader.pass(SECOND);
        leader.takeProposed();
        leader.answer();
        leader.perform(new ArmAckTimer(1, leader.now() + 30 * SECOND));
        leader.pass(30 * SECOND);
        assertThat(expired()).containsExactly(1L);
    }

    @Test
    void shouldBeQuietWhenNothingIsPendingAnyMore() {
        leader.perform(deliver(1, leader.now() + SECOND));
        leader.pass(SECOND);
        leader.takeProposed();
        leader.answer();
        leader.pass(1_000 * SECOND);
        assertThat(leader.takeProposed()).isEmpty();
    }

    @Test
    void shouldProposeAgainWhenNobodyAnswers() {
        leader.perform(deliver(1, leader.now() + SECOND));
        leader.pass(SECOND);
        assertThat(expired()).containsExactly(1L);
        leader.pass(AckTimers.REPEAT_NANOS - 1);
        assertThat(leader.takeProposed()).isEmpty();
        leader.pass(1);
        assertThat(expired()).containsExactly(1L);
    }

    @Test
    void shouldProposeAgainWhenItWasRefused() {
        leader.perform(deliver(1, leader.now() + SECOND));
        leader.pass(SECOND);
        leader.takeProposed();
        leader.refuse();
        leader.pass(AckTimers.RETRY_NANOS);
        assertThat(expired()).containsExactly(1L);
    }

    @Test
    void shouldSleepUntilTheNextDeadline() {
        leader.perform(new ArmAckTimer(1, leader.now() + 50 * MILLI));

        assertThat(leader.term.nanosToNextTimer()).isEqualTo(50 * MILLI);
    }

    private static Deliver deliver(long subscription, long deadline) {
        return new Deliver(subscription, "inbox", 1, "orders", 1, 1, 0, deadline);
    }

    private List<Long> expired() {
        return leader.takeProposed().stream()
                .filter(CommandProto::hasExpireAcks)
                .map(command -> command.getExpireAcks().getSubscription())
                .toList();
    }
}
