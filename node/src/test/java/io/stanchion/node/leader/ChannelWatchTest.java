package io.stanchion.node.leader;

import static io.stanchion.node.leader.LeaderFixture.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.DeleteChannelProto;
import io.stanchion.raftsm.effect.Effect.ArmIdleTimer;
import io.stanchion.raftsm.effect.Effect.ChannelCreated;
import io.stanchion.raftsm.effect.Effect.ChannelDeleted;
import io.stanchion.raftsm.effect.Effect.LimitsReached;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelWatchTest {
    private static final DeleteChannelProto ORDERS = delete("orders", 3);

    private final LeaderFixture leader = new LeaderFixture();

    @BeforeEach
    void passTheStartOfTheTerm() {
        leader.pass(SECOND);
        leader.answer();
        leader.answer();
        leader.takeProposed();
    }

    @Test
    void shouldProposeToDeleteAChannelWhenItMayHaveBeenIdleForTooLong() {
        long now = leader.now();
        leader.perform(new ChannelCreated("orders"), new ArmIdleTimer("orders", 3, now + 10 * SECOND));
        leader.perform(new ArmIdleTimer("bills", 4, now + 12 * SECOND));
        leader.pass(10 * SECOND - 1);
        assertThat(deletions()).isEmpty();
        leader.pass(1);
        assertThat(deletions()).containsExactly(ORDERS);
        leader.pass(2 * SECOND);
        assertThat(deletions()).containsExactly(delete("bills", 4));
    }

    @Test
    void shouldLookAgainWhenTheChannelWasUsedMeanwhile() {
        leader.perform(new ArmIdleTimer("orders", 3, leader.now() + SECOND));
        leader.pass(SECOND);
        assertThat(deletions()).containsExactly(ORDERS);
        leader.perform(new ArmIdleTimer("orders", 3, leader.now() + 10 * SECOND));
        leader.answer();
        leader.pass(10 * SECOND - 1);
        assertThat(deletions()).isEmpty();
        leader.pass(1);
        assertThat(deletions()).containsExactly(ORDERS);
    }

    @Test
    void shouldForgetAChannelThatIsDeletedOrHasSubscribersAgain() {
        leader.perform(new ArmIdleTimer("orders", 3, leader.now() + SECOND));
        leader.perform(new ArmIdleTimer("bills", 4, leader.now() + SECOND));
        leader.pass(SECOND);
        assertThat(deletions()).hasSize(2);
        leader.perform(new ChannelDeleted("orders", 3));
        leader.answer();
        leader.answer();
        leader.pass(1000 * SECOND);
        assertThat(deletions()).isEmpty();
        assertThat(leader.term.watchedChannels()).isZero();
    }

    @Test
    void shouldTryAgainWhenTheProposalWasRefusedOrIsNotAnswered() {
        leader.perform(new ArmIdleTimer("orders", 3, leader.now() + SECOND));
        leader.pass(SECOND);
        leader.refuse();
        assertThat(deletions()).containsExactly(ORDERS);
        leader.pass(ChannelWatch.RETRY_NANOS);
        assertThat(deletions()).containsExactly(ORDERS);
        leader.pass(ChannelWatch.REPEAT_NANOS);
        assertThat(deletions()).containsExactly(ORDERS);
    }

    @Test
    void shouldOnlySayThatLimitsAreReached() {
        leader.perform(new LimitsReached("orders", 5, 5, 2_000, 0));
        leader.pass(100 * SECOND);
        assertThat(leader.takeProposed()).isEmpty();
        assertThat(leader.faults).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.00 KB", "1536, 1.50 KB", "1048576, 1.00 MB", "1024000000, 976.56 MB"
    })
    void shouldWriteSizesAsTheReferenceDoes(long bytes, String expected) {
        assertThat(ChannelWatch.size(bytes)).isEqualTo(expected);
    }

    private static DeleteChannelProto delete(String channel, long id) {
        return DeleteChannelProto.newBuilder()
                .setChannel(channel)
                .setChannelId(id)
                .build();
    }

    private List<DeleteChannelProto> deletions() {
        return leader.takeProposed().stream()
                .map(CommandProto::getDeleteChannel)
                .toList();
    }
}
