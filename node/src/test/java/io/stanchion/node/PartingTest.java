package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.node.config.NodeConfig.LameDuck;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PartingTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void shouldWaitBetweenHalfAndTheWholeShareOfWhatIsLeft() {
        assertThat(Parting.waitNanos(10 * SECOND, 20, 0)).isEqualTo(SECOND / 4);
        assertThat(Parting.waitNanos(10 * SECOND, 20, 1)).isEqualTo(SECOND / 2);
    }

    @Test
    void shouldNeverWaitForMoreThanASecondNorForLessThanNothing() {
        assertThat(Parting.waitNanos(100 * SECOND, 2, 1)).isEqualTo(SECOND);
        assertThat(Parting.waitNanos(-SECOND, 2, 1)).isZero();
    }

    @Test
    void shouldNotWaitForTheEndOfALongDurationWhenTheProcessIsTerminated() throws Exception {
        Parting parting = Parting.unhurried(new LameDuck(3_600_000, 3_600_000));
        Thread signal = new Thread(parting::hurry);
        signal.start();
        long begin = System.nanoTime();
        parting.awaitGrace();
        parting.awaitNext(2);
        signal.join();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
    }
}
