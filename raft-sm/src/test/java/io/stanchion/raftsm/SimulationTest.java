package io.stanchion.raftsm;

import org.junit.jupiter.api.Test;

/**
 * Thousands of random lives of the machine. {@code -Dstanchion.seed=N} repeats one, {@code -Dstanchion.seeds=N} runs more or fewer than
 * usual.
 */
final class SimulationTest {
    private static final int SEEDS = 1000;

    @Test
    void shouldKeepItsPromisesWhateverHappens() {
        Long only = Long.getLong("stanchion.seed");
        if (only != null) {
            run(only);
            return;
        }
        // Half of the seeds are always the same, half are new each time.
        long fresh = System.nanoTime();
        int seeds = Integer.getInteger("stanchion.seeds", SEEDS);
        for (int i = 0; i < seeds; i++) {
            run(i % 2 == 0 ? i : fresh + i);
        }
    }

    private static void run(long seed) {
        try {
            new Simulation(seed).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " fails; repeat it with: mvn -pl raft-sm -am test -Dtest=SimulationTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Dstanchion.seed=" + seed,
                    e);
        }
    }
}
