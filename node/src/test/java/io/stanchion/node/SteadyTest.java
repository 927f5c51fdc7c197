package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SteadyTest {
    private final AtomicInteger runs = new AtomicInteger();

    private void runBadly() {
        if (runs.incrementAndGet() % 3 != 0) {
            throw new IllegalStateException("a bad moment");
        }
    }

    @Test
    void shouldGoOnAfterAFailure() {
        assertThatCode(new Steady("the test", this::runBadly)::run).doesNotThrowAnyException();
    }

    @Test
    void shouldRunAgainOnATimer() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            var unused =
                    timer.scheduleWithFixedDelay(new Steady("the test", this::runBadly), 0, 1, TimeUnit.MILLISECONDS);
            await().until(() -> runs.get() > 6);
        } finally {
            timer.shutdownNow();
        }
    }
}
