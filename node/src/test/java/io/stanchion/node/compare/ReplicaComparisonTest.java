package io.stanchion.node.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.gateway.stan.Publication;
import io.stanchion.gateway.stan.ReplicatedLog;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.Observation.DigestReported;
import io.stanchion.raftsm.model.Observation.DigestTaken;
import io.stanchion.raftsm.model.Observation.Opened;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ReplicaComparisonTest {
    private static final List<String> MEMBERS = List.of("a", "b", "c");
    private static final Digest RIGHT = digest(5, 1);
    private static final Digest WRONG = digest(5, 2);
    private static final Digest WORSE = digest(5, 3);
    private static final long INTERVAL_SECONDS = 20;

    private final Proposals proposals = new Proposals();
    private final List<String> quarantined = new ArrayList<>();
    private final Present here = new Present();
    private long now;
    private final ReplicaComparison comparison = new ReplicaComparison(
            "a", proposals, here, quarantined::add, TimeUnit.SECONDS.toNanos(INTERVAL_SECONDS), () -> now);

    private static Digest digest(long since, long channels) {
        return new Digest(Digest.VERSION, since, List.of(7L, channels, 9L));
    }

    /** Takes what is proposed, and answers when it is told to. */
    private static final class Proposals implements ReplicatedLog {
        final List<CommandProto> taken = new ArrayList<>();
        private final Deque<Consumer<ReplyProto>> unanswered = new ArrayDeque<>();

        @Override
        public void append(CommandProto command, Consumer<ReplyProto> onReply) {
            taken.add(command);
            unanswered.add(onReply);
        }

        void answer() {
            unanswered.remove().accept(ReplyProto.getDefaultInstance());
        }

        @Override
        public void publish(Publication publication) {
            throw new AssertionError();
        }

        @Override
        public void ack(String ackInbox, long sequence) {
            throw new AssertionError();
        }

        @Override
        public boolean isSaturated() {
            return false;
        }

        @Override
        public void onRelief(Runnable listener) {}
    }

    private static final class Present implements ReplicaComparison.Here {
        boolean leading = true;
        boolean hearsAll = true;
        long changes = 1;

        @Override
        public boolean isLeading() {
            return leading;
        }

        @Override
        public boolean isCaughtUp() {
            return true;
        }

        @Override
        public List<String> members() {
            return MEMBERS;
        }

        @Override
        public boolean hearsAll() {
            return hearsAll;
        }

        @Override
        public long changes() {
            return changes;
        }
    }

    private void take(long round, Digest own) {
        comparison.observe(new DigestTaken(round, MEMBERS, own, here.changes));
    }

    private void report(long round, String nodeId, Digest digest) {
        comparison.observe(new DigestReported(round, nodeId, digest));
    }

    private void passSeconds(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
        comparison.tick();
    }

    private long compared() {
        return proposals.taken.stream().filter(CommandProto::hasCompareDigests).count();
    }

    @Test
    void shouldReportWhatItHasTaken() {
        take(10, RIGHT);

        assertThat(proposals.taken).singleElement().satisfies(command -> {
            assertThat(command.getReportDigest().getRound()).isEqualTo(10);
            assertThat(command.getReportDigest().getNodeId()).isEqualTo("a");
            assertThat(Digest.from(command.getReportDigest().getDigest())).isEqualTo(RIGHT);
        });
    }

    @Test
    void shouldReportTheLastOneOnlyWhileItCatchesUp() {
        take(10, RIGHT);
        take(20, RIGHT);
        take(30, RIGHT);
        proposals.answer();

        assertThat(proposals.taken.stream()
                        .map(command -> command.getReportDigest().getRound()))
                .containsExactly(10L, 30L);
    }

    @Test
    void shouldBeEqualWhenAMajorityHasTheSame() {
        take(10, RIGHT);
        report(10, "b", RIGHT);
        assertThat(comparison.facts().equalIndex()).isZero();
        report(10, "a", RIGHT);
        now += TimeUnit.SECONDS.toNanos(3);

        assertThat(comparison.facts().equalIndex()).isEqualTo(10);
        assertThat(comparison.facts().equalAgeSeconds()).isEqualTo(3);
        assertThat(comparison.facts().equalRounds()).isEqualTo(1);
        assertThat(comparison.facts().disagreement()).isEmpty();
        assertThat(quarantined).isEmpty();
    }

    @Test
    void shouldTakeItselfOutOfUseWhenAMajorityHasSomethingElse() {
        take(10, WRONG);
        report(10, "b", RIGHT);
        assertThat(quarantined).isEmpty();
        report(10, "c", RIGHT);

        assertThat(quarantined).singleElement().asString().contains("index 10", "b, c", "channels");
        assertThat(comparison.facts().mismatches()).isEqualTo(1);
        assertThat(comparison.facts().disagreement()).isEqualTo("this node differs");
    }

    @Test
    void shouldSayWhichOtherNodeDiffersUntilItDoesNot() {
        take(10, RIGHT);
        report(10, "a", RIGHT);
        report(10, "b", RIGHT);
        report(10, "c", WRONG);
        assertThat(comparison.facts().disagreement()).isEqualTo("node c differs in channels");
        take(20, RIGHT);
        report(20, "a", RIGHT);
        report(20, "b", RIGHT);
        assertThat(comparison.facts().disagreement()).isNotEmpty();
        report(20, "c", RIGHT);

        assertThat(comparison.facts().disagreement()).isEmpty();
        assertThat(comparison.facts().mismatches()).isEqualTo(1);
        assertThat(quarantined).isEmpty();
    }

    @Test
    void shouldForgetANodeThatDifferedWhenItIsNoMemberAnyMore() {
        take(10, RIGHT);
        report(10, "a", RIGHT);
        report(10, "b", RIGHT);
        report(10, "c", WRONG);
        comparison.observe(new DigestTaken(20, List.of("a", "b", "d"), RIGHT, here.changes));
        report(20, "a", RIGHT);
        report(20, "b", RIGHT);
        assertThat(comparison.facts().disagreement()).isEmpty();
        report(20, "d", WRONG);

        assertThat(comparison.facts().disagreement()).isEqualTo("node d differs in channels");
        assertThat(comparison.facts().mismatches()).isEqualTo(2);
    }

    @Test
    void shouldNotAccuseAgainANodeThatWasRemovedWhenALateReportComes() {
        take(10, RIGHT);
        report(10, "a", RIGHT);
        report(10, "c", WRONG);
        comparison.observe(new DigestTaken(20, List.of("a", "b"), RIGHT, here.changes));
        report(20, "a", RIGHT);
        report(20, "b", RIGHT);
        report(10, "b", RIGHT);

        assertThat(comparison.facts().disagreement()).isEmpty();
    }

    @Test
    void shouldAccuseNobodyWithoutAMajority() {
        take(10, RIGHT);
        report(10, "a", RIGHT);
        report(10, "b", WRONG);
        passSeconds(1);
        assertThat(comparison.facts().disagreement()).as("c may settle it").isEmpty();
        report(10, "c", WORSE);
        passSeconds(1);

        assertThat(comparison.facts().disagreement()).contains("index 10", "no majority");
        assertThat(comparison.facts().equalIndex()).isZero();
        assertThat(quarantined).isEmpty();
    }

    @Test
    void shouldSpeakOfADisputeWhenTheThirdNodeIsAway() {
        here.hearsAll = false;
        take(10, RIGHT);
        report(10, "a", RIGHT);
        report(10, "b", WRONG);
        passSeconds(11);
        assertThat(comparison.facts().disagreement()).contains("no majority");
        assertThat(comparison.facts().mismatches()).isEqualTo(1);
        passSeconds(11);
        assertThat(comparison.facts().mismatches()).as("told once").isEqualTo(1);
        take(20, RIGHT);
        report(20, "a", RIGHT);
        report(20, "c", RIGHT);

        assertThat(comparison.facts().disagreement()).isEmpty();
    }

    @Test
    void shouldNotCompareWhatDidNotBeginTogether() {
        take(10, digest(0, 1));
        report(10, "b", RIGHT);
        report(10, "c", RIGHT);

        assertThat(quarantined).isEmpty();
        assertThat(comparison.facts().equalIndex()).isZero();
    }

    @Test
    void shouldNotCompareDigestsOfAnotherVersion() {
        Digest newer = new Digest(Digest.VERSION + 1, 5, RIGHT.tables());
        take(10, RIGHT);
        report(10, "b", newer);
        report(10, "c", newer);
        report(10, "a", RIGHT);

        assertThat(quarantined).isEmpty();
        assertThat(comparison.facts().disagreement()).isEmpty();
        passSeconds(1);
        assertThat(compared())
                .as("to begin anew would not make them comparable")
                .isZero();
    }

    @Test
    void shouldIgnoreRoundsThatItHasNotSeenAndNodesThatAreNoMembers() {
        report(9, "b", WRONG);
        take(10, RIGHT);
        report(9, "c", WRONG);
        report(10, "x", WRONG);
        report(10, "y", WRONG);

        assertThat(quarantined).isEmpty();
    }

    @Test
    void shouldProposeWhenTheTimeHasComeAndSomethingHasChanged() {
        passSeconds(INTERVAL_SECONDS - 1);
        assertThat(compared()).isZero();
        passSeconds(1);
        assertThat(compared()).isEqualTo(1);
        passSeconds(INTERVAL_SECONDS);
        assertThat(compared()).as("one at a time").isEqualTo(1);
        proposals.answer();
        take(10, RIGHT);
        MEMBERS.forEach(member -> report(10, member, RIGHT));
        passSeconds(INTERVAL_SECONDS);
        assertThat(compared()).as("nothing has changed").isEqualTo(1);
        here.changes++;
        passSeconds(1);

        assertThat(compared()).isEqualTo(2);
    }

    @Test
    void shouldProposeAgainWhenANodeIsBackThatDidNotReport() {
        here.hearsAll = false;
        take(10, RIGHT);
        report(10, "a", RIGHT);
        report(10, "b", RIGHT);
        passSeconds(INTERVAL_SECONDS);
        assertThat(compared()).isZero();
        here.hearsAll = true;
        passSeconds(1);

        assertThat(compared()).isEqualTo(1);
    }

    @Test
    void shouldBeginAnewAsSoonAsItKnowsThatNobodyBegan() {
        take(10, digest(0, 1));
        MEMBERS.forEach(member -> report(10, member, digest(0, 1)));
        passSeconds(1);

        CommandProto last = proposals.taken.get(proposals.taken.size() - 1);
        assertThat(last.getCompareDigests().getBegin()).isTrue();
        assertThat(last.getCompareDigests().getMembersList()).isEqualTo(MEMBERS);
    }

    @Test
    void shouldAskToBeComparedAfterItsDatabaseWasOpened() {
        here.leading = false;
        take(10, RIGHT);
        report(10, "b", RIGHT);
        report(10, "c", RIGHT);
        passSeconds(INTERVAL_SECONDS);
        assertThat(compared()).isZero();
        comparison.observe(new Opened());
        passSeconds(1);

        assertThat(compared()).isEqualTo(1);
    }

    @Test
    void shouldLeaveTheRestToTheLeaderWhenItFollows() {
        here.leading = false;
        take(10, RIGHT);
        report(10, "b", RIGHT);
        report(10, "c", RIGHT);
        here.changes++;
        passSeconds(5 * INTERVAL_SECONDS);

        assertThat(compared()).isZero();
    }
}
