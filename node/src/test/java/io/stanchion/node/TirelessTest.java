package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TirelessTest {
    private final Tireless tireless = new Tireless("the test", 1);

    @Test
    void shouldBeginAnewAfterADefectUntilTheTaskIsDone() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        tireless.run(() -> {
            if (runs.incrementAndGet() < 3) {
                throw new IllegalStateException("a bad moment");
            }
        });
        assertThat(runs.get()).isEqualTo(3);
    }

    @Test
    void shouldLeaveAFailureOfTheDiskToItsCaller() {
        assertThatThrownBy(() -> tireless.run(() -> {
                    throw new IOException("full");
                }))
                .isInstanceOf(IOException.class);
    }
}
