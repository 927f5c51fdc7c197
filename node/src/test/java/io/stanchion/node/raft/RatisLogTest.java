package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The gateway's end of the log before a cluster that does all that clusters do. {@code -Dstanchion.seed=N} repeats one life,
 * {@code -Dstanchion.seeds=N} runs more or fewer than usual.
 */
class RatisLogTest {
    private static final int SEEDS = 600;

    @Test
    void shouldApplyEverythingOnceAndInOrderAndAnswerItOnceWhateverHappens() {
        Long only = Long.getLong("stanchion.seed");
        if (only != null) {
            run(only);
            return;
        }
        // Half of the seeds are always the same, half are new each time.
        long fresh = System.nanoTime();
        long leaderChanges = 0;
        long repeats = 0;
        long lostEntries = 0;
        long refused = 0;
        for (int i = 0; i < Integer.getInteger("stanchion.seeds", SEEDS); i++) {
            LogSimulation life = run(i % 2 == 0 ? i : fresh + i);
            leaderChanges += life.cluster.leaderChanges;
            repeats += life.cluster.repeats;
            lostEntries += life.cluster.lostEntries;
            refused += life.refused();
        }
        assertThat(leaderChanges).as("changes of leaders").isPositive();
        assertThat(repeats).as("batches sent again").isPositive();
        assertThat(lostEntries).as("entries lost with a leader").isPositive();
        assertThat(refused).as("items refused").isPositive();
    }

    private static LogSimulation run(long seed) {
        try {
            LogSimulation life = new LogSimulation(seed);
            life.run();
            return life;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " fails; repeat it with: mvn -pl node -am test -Dtest=RatisLogTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Dstanchion.seed=" + seed,
                    e);
        }
    }
}
