package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.node.raft.Succession.Candidate;
import io.stanchion.raftsm.ratis.DurationMeter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class SlowLeaderTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long SLOW = SlowLeader.SYNC_MICROS_MIN * 4;
    private static final long FAST = 2_000;

    private final SlowLeader slowLeader = new SlowLeader();
    private long now;

    @Test
    void shouldHandOverToAFollowerWhoseDiskIsMuchFasterForAWhile() {
        List<Candidate> followers = List.of(follower("b", 1_000, SLOW), follower("c", 1_000, FAST));
        for (int i = 1; i < SlowLeader.LOOKS_MIN; i++) {
            assertThat(look(syncing(SLOW), followers)).isEmpty();
        }
        assertThat(look(syncing(SLOW), followers)).hasValueSatisfying(verdict -> {
            assertThat(verdict.heir()).isEqualTo("c");
            assertThat(verdict.reason()).isEqualTo("an fsync takes 160 ms here and 2 ms at node c");
        });
    }

    @Test
    void shouldStayIfItsDiskIsAsSlowAsThoseOfTheOthers() {
        List<Candidate> followers = List.of(follower("b", 1_000, SLOW / 4), follower("c", 1_000, SLOW));
        assertNeverYields(syncing(SLOW), followers);
    }

    @Test
    void shouldStayIfItIsManyTimesSlowerAndStillFast() {
        assertNeverYields(syncing(SlowLeader.SYNC_MICROS_MIN - 1), List.of(follower("b", 1_000, 100)));
    }

    @Test
    void shouldStayIfABadMomentPasses() {
        List<Candidate> followers = List.of(follower("b", 1_000, FAST));
        for (int round = 0; round < 10; round++) {
            for (int i = 1; i < SlowLeader.LOOKS_MIN; i++) {
                assertThat(look(syncing(SLOW), followers)).isEmpty();
            }
            assertThat(look(syncing(FAST), followers)).isEmpty();
        }
    }

    @Test
    void shouldStayIfNobodyCanTakeOver() {
        NodeVitals fast = new NodeVitals(60_000, FAST, 10, false);
        assertNeverYields(
                syncing(SLOW),
                List.of(
                        new Candidate("b", 1_000, Group.SILENT_MILLIS + 1, fast),
                        new Candidate("c", 1_000, 5, new NodeVitals(60_000, FAST, 10, true)),
                        new Candidate("d", 1_000, 5, NodeVitals.UNKNOWN)));
    }

    @Test
    void shouldStayIfTheFastOneLacksMuchOfTheLog() {
        assertNeverYields(syncing(SLOW), List.of(follower("b", 5_000, SLOW), follower("c", 1_000, FAST)));
    }

    /** No fsync ends, so that nothing is measured, here and soon at the followers too. */
    @Test
    void shouldHandOverWhenItsDiskDoesNotAnswer() {
        DurationMeter meter = new DurationMeter(() -> now);
        RecentMean syncs = new RecentMean(() -> meter);
        LongSupplier unended = meter.begin();
        assertThat(syncs.lookMicros()).isZero();
        List<Candidate> followers = List.of(follower("b", 1_000, 0));
        Optional<SlowLeader.Verdict> verdict = Optional.empty();
        for (int i = 0; i < SlowLeader.LOOKS_MIN; i++) {
            assertThat(verdict).isEmpty();
            now += SECOND;
            verdict = slowLeader.look(now, syncing(syncs.lookMicros()), followers);
        }
        assertThat(verdict).hasValueSatisfying(given -> {
            assertThat(given.heir()).isEqualTo("b");
            assertThat(given.reason()).isEqualTo("an fsync takes 4000 ms here, and node b waits");
        });
        assertThat(unended.getAsLong()).isEqualTo(SlowLeader.LOOKS_MIN * SECOND);
        assertThat(meter.runningNanos()).isZero();
    }

    @Test
    void shouldStayIfTheDisksOfTheOthersDoNotAnswerEither() {
        assertNeverYields(syncing(10_000_000), List.of(follower("b", 1_000, 9_000_000)));
    }

    @Test
    void shouldHandOverIfApplyingEntriesIsSlow() {
        NodeVitals own = new NodeVitals(60_000, FAST, SlowLeader.APPLY_MICROS_MIN, false);
        Optional<SlowLeader.Verdict> verdict = Optional.empty();
        for (int i = 0; i < SlowLeader.LOOKS_MIN; i++) {
            verdict = look(own, List.of(follower("b", 1_000, FAST)));
        }
        assertThat(verdict)
                .hasValueSatisfying(given -> assertThat(given.reason()).startsWith("applying an entry"));
    }

    @Test
    void shouldNotHandOverAgainWithinAMinute() {
        List<Candidate> followers = List.of(follower("b", 1_000, FAST));
        int verdicts = 0;
        for (int i = 0; i < 59 + SlowLeader.LOOKS_MIN; i++) {
            verdicts += look(syncing(SLOW), followers).isPresent() ? 1 : 0;
        }
        assertThat(verdicts).isEqualTo(1);
        now += SlowLeader.BETWEEN_TWO_NANOS;
        assertThat(look(syncing(SLOW), followers)).isPresent();
    }

    private void assertNeverYields(NodeVitals own, List<Candidate> followers) {
        for (int i = 0; i < 100; i++) {
            assertThat(look(own, followers)).isEmpty();
        }
    }

    private Optional<SlowLeader.Verdict> look(NodeVitals own, List<Candidate> followers) {
        now += SECOND;
        return slowLeader.look(now, own, followers);
    }

    private static NodeVitals syncing(long micros) {
        return new NodeVitals(60_000, micros, 10, false);
    }

    private static Candidate follower(String id, long matchIndex, long syncMicros) {
        return new Candidate(id, matchIndex, 5, new NodeVitals(60_000, syncMicros, 10, false));
    }
}
