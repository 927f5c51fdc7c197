package io.stanchion.chaos.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.History;
import io.stanchion.chaos.history.Phase;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PausesTest {
    @Test
    void shouldFindTheLongestWaitOfEachStrike() {
        History history = History.of(List.of(
                ack(1.0),
                fault(1.1, "SIGKILL a"),
                ack(1.2),
                ack(2.0),
                fault(2.5, "started a"),
                ack(2.6),
                fault(3.0, Pauses.HEALED),
                ack(3.1),
                ack(8.0), // nobody's fault
                fault(8.1, "SIGKILL b"),
                fault(9.0, Pauses.HEALED),
                ack(9.6)));

        assertThat(Pauses.of(history)).containsExactly(800L, 1500L);
    }

    @Test
    void shouldCountAWaitThatNeverEnds() {
        History history = History.of(List.of(ack(1.0), fault(2.0, "SIGKILL a"), fault(7.0, Pauses.HEALED)));

        assertThat(Pauses.of(history)).containsExactly(5000L);
    }

    private static Event fault(double seconds, String what) {
        return at(seconds, Phase.INFO, Action.FAULT).saying(what);
    }

    private static Event ack(double seconds) {
        return at(seconds, Phase.OK, Action.PUBLISH);
    }

    private static Event at(double seconds, Phase phase, Action action) {
        return Event.now("client", phase, action, 1).at(Math.round(seconds * TimeUnit.SECONDS.toNanos(1)));
    }
}
