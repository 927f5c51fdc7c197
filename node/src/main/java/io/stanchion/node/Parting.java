package io.stanchion.node;

import io.stanchion.node.config.NodeConfig.LameDuck;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time that a stop leaves to the clients of the node. The thread that stops the node waits here; any other may ask it to hurry.
 *
 * <p>As in nats-server the last moments are spread: between two connections passes a random time, so that the clients do not all come to the
 * other nodes at once.
 */
final class Parting {
    /** Whoever sends SIGTERM waits for the end, and kills when his own patience is over. */
    private static final long PROMPT_MILLIS_MAX = 5_000;

    private static final long BETWEEN_TWO_NANOS_MAX = 1_000_000_000L;

    /** Shorter waits are added up: there may be tens of thousands of clients. */
    private static final long WAIT_NANOS_MIN = 1_000_000L;

    private final long graceNanos;
    private final long spreadNanos;
    private final LongSupplier nanoTime;
    private final CountDownLatch hurry = new CountDownLatch(1);

    // Owned by the thread that stops the node
    private long graceEndNanos;
    private long owedNanos;

    private Parting(long graceMillis, long spreadMillis, LongSupplier nanoTime) {
        this.graceNanos = TimeUnit.MILLISECONDS.toNanos(graceMillis);
        this.spreadNanos = TimeUnit.MILLISECONDS.toNanos(spreadMillis);
        this.nanoTime = nanoTime;
    }

    /** As long as the configuration says. */
    static Parting unhurried(LameDuck settings) {
        return new Parting(settings.graceMillis(), settings.spreadMillis(), System::nanoTime);
    }

    /** The same, but no longer than a few seconds. */
    static Parting prompt(LameDuck settings) {
        long grace = Math.min(settings.graceMillis(), PROMPT_MILLIS_MAX / 2);
        return new Parting(grace, Math.min(settings.spreadMillis(), PROMPT_MILLIS_MAX - grace), System::nanoTime);
    }

    /** Any thread: from now on nobody waits for anything here. */
    void hurry() {
        hurry.countDown();
    }

    void awaitGrace() throws InterruptedException {
        await(graceNanos);
        graceEndNanos = nanoTime.getAsLong();
    }

    /** Between two connections, of which {@code left} are still to come. */
    void awaitNext(int left) throws InterruptedException {
        long remaining = spreadNanos - (nanoTime.getAsLong() - graceEndNanos) - owedNanos;
        owedNanos += waitNanos(remaining, left, ThreadLocalRandom.current().nextDouble());
        if (owedNanos >= WAIT_NANOS_MIN) {
            long wait = owedNanos;
            owedNanos = 0;
            await(wait);
        }
    }

    /** @param chance from 0 to 1 */
    static long waitNanos(long remainingNanos, int left, double chance) {
        long interval = Math.min(BETWEEN_TWO_NANOS_MAX, Math.max(0, remainingNanos) / Math.max(1, left));
        return (long) (interval * (1 + chance) / 2);
    }

    private void await(long nanos) throws InterruptedException {
        var unused = hurry.await(nanos, TimeUnit.NANOSECONDS);
    }
}
