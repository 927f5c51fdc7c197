package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private final CatchUp catchUp = new CatchUp();

    @Test
    void shouldNotBeThereBeforeItKnowsHowMuchThereIs() {
        assertThat(catchUp.lacks(OptionalLong.empty(), 100)).contains("does not know yet");
    }

    @Test
    void shouldBeThereWithWhatWasCommittedWhenItFirstHeardOfALeader() {
        assertThat(catchUp.lacks(OptionalLong.of(500), 0)).isEqualTo("replica is 500 entries behind");
        assertThat(catchUp.lacks(OptionalLong.of(900), 499)).isEqualTo("replica is 1 entries behind");
        assertThat(catchUp.lacks(OptionalLong.of(950), 500)).isEmpty();
    }

    @Test
    void shouldStayThereWhenTheLeaderGoesOn() {
        assertThat(catchUp.lacks(OptionalLong.of(10), 10)).isEmpty();
        assertThat(catchUp.lacks(OptionalLong.of(700), 11)).isEmpty();
        assertThat(catchUp.lacks(OptionalLong.empty(), 11)).isEmpty();
    }
}
