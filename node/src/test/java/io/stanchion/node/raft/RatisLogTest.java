package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The gateway's end of the log before a cluster that does all that clusters do. {@code -Dstanchion.seed=N} repeats one life,
 * {@code -Dstanchion.seeds=N} runs more or fewer than usual.
 */
class RatisLogTest {
    private static final int SEEDS = 400;
    private static final int THREADS = 3;
    private static final int MESSAGES = 5_000;

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
        long voids = 0;
        for (int i = 0; i < Integer.getInteger("stanchion.seeds", SEEDS); i++) {
            LogSimulation life = run(i % 2 == 0 ? i : fresh + i);
            leaderChanges += life.cluster.leaderChanges;
            repeats += life.cluster.repeats;
            lostEntries += life.cluster.lostEntries;
            refused += life.refused();
            voids += life.cluster.voids;
        }
        assertThat(leaderChanges).as("changes of leaders").isPositive();
        assertThat(repeats).as("batches sent again").isPositive();
        assertThat(lostEntries).as("entries lost with a leader").isPositive();
        assertThat(refused).as("items refused").isPositive();
        assertThat(voids).as("batches emptied").isPositive();
    }

    /** Here the log has its own thread, and must be woken whenever there is something to do. */
    @Test
    void shouldKeepTheOrderOfEveryThreadThatAppends() throws Exception {
        AppliedLog machine = new AppliedLog();
        AtomicReference<Throwable> fault = new AtomicReference<>();
        ExecutorService leader = Executors.newSingleThreadExecutor();
        BatchSubmitter submitter = new BatchSubmitter() {
            @Override
            public boolean knowsLeader() {
                return true;
            }

            @Override
            public CompletableFuture<Answer> submit(ByteString batch) {
                return CompletableFuture.supplyAsync(() -> new Answer.Applied(machine.apply(1, batch)), leader);
            }
        };
        try (RatisLog log = new RatisLog(
                "a",
                new TestIncarnation(1),
                LogSettings.DEFAULTS,
                submitter,
                System::nanoTime,
                (what, cause) -> fault.set(cause))) {
            log.start();
            CountDownLatch answers = new CountDownLatch(THREADS * MESSAGES);
            log.append(Commands.openSession("me"), reply -> {});
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                String channel = "orders." + thread;
                threads.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < MESSAGES; i++) {
                        log.publish(new TestPublication(channel, "me", channel + " " + i, answers::countDown));
                    }
                }));
            }
            threads.forEach(CompletableFuture::join);
            assertThat(answers.await(10, TimeUnit.SECONDS)).as("answered").isTrue();
        } finally {
            leader.shutdown();
        }
        assertThat(fault).hasNullValue();
        assertThat(leader.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        for (int thread = 0; thread < THREADS; thread++) {
            String channel = "orders." + thread;
            assertThat(machine.stored.stream().filter(text -> text.startsWith(channel + " ")))
                    .containsExactlyElementsOf(IntStream.range(0, MESSAGES)
                            .mapToObj(i -> channel + " " + i)
                            .toList());
        }
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
