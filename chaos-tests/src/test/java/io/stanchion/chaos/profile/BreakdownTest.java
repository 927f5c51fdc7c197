package io.stanchion.chaos.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.stanchion.chaos.cluster.ClusterException;
import io.stanchion.chaos.cluster.NodeException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BreakdownTest {
    @Test
    void shouldNotTakeAFaultThatCouldNotBeDoneForSomethingThatANodeDid() {
        assertThat(judgeOf(() -> {
                    throw new IOException("no such file");
                }))
                .isEqualTo("fault");
        assertThat(judgeOf(() -> {
                    throw new ClusterException("mount: no such device");
                }))
                .isEqualTo("fault");
    }

    @Test
    void shouldTellWhatANodeDidWhileItWasStruck() {
        assertThat(judgeOf(() -> {
                    throw new NodeException("node b ended while it started");
                }))
                .isEqualTo("node");
    }

    @Test
    void shouldNotBlameAFaultForWhatHappenedAtAnotherTime() {
        assertThat(Breakdown.finding(new ClusterException("client-0 did not say ready"))
                        .checker())
                .isEqualTo("cluster");
    }

    @Test
    void shouldLetItselfBeInterrupted() {
        assertThatThrownBy(() -> Breakdown.strike("kill-leader", () -> {
                    throw new InterruptedException();
                }))
                .isInstanceOf(InterruptedException.class);
    }

    private static String judgeOf(Breakdown.Strike strike) {
        return Breakdown.finding(
                        catchThrowableOfType(ClusterException.class, () -> Breakdown.strike("kill-leader", strike)))
                .checker();
    }
}
