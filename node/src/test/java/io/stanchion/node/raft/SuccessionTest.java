package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.node.raft.Succession.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuccessionTest {
    private static final long HOUR = 3_600_000;

    @Test
    void shouldChooseTheFollowerThatHasMostOfTheLog() {
        assertThat(Succession.choose(List.of(
                        candidate("b", 1_000, HOUR), candidate("c", 1_000 + Succession.LEVEL_ENTRIES + 1, 1_000))))
                .contains("c");
    }

    @Test
    void shouldChooseTheOneThatRunsLongestOfThoseThatAreLevel() {
        assertThat(Succession.choose(List.of(
                        candidate("b", 1_000, 5_000),
                        candidate("c", 1_000 - Succession.LEVEL_ENTRIES, 60_000),
                        candidate("d", 990, 30_000))))
                .contains("c");
    }

    @Test
    void shouldTellNoDifferenceBetweenTwoThatAreWarm() {
        assertThat(Succession.choose(
                        List.of(candidate("b", 1_000, 2 * Succession.WARM_MILLIS), candidate("c", 1_001, HOUR))))
                .contains("c");
    }

    @Test
    void shouldNotChooseASilentOne() {
        NodeVitals warm = new NodeVitals(HOUR, 0, 0, false);
        assertThat(Succession.choose(List.of(
                        new Candidate("b", 2_000, Group.SILENT_MILLIS + 1, warm), candidate("c", 1_000, 1_000))))
                .contains("c");
    }

    @Test
    void shouldChooseALateOneIfAllAreLate() {
        NodeVitals warm = new NodeVitals(HOUR, 0, 0, false);
        Candidate late = new Candidate("b", 1_000, Succession.LATE_MILLIS, warm);
        Candidate dead = new Candidate("c", 2_000, Succession.LATE_MILLIS + 1, warm);
        assertThat(Succession.choose(List.of(late, dead))).contains("b");
        assertThat(Succession.choose(List.of(dead))).isEmpty();
    }

    @Test
    void shouldNotChooseOneThatIsStoppingItself() {
        NodeVitals stopping = new NodeVitals(HOUR, 0, 0, true);
        assertThat(Succession.choose(List.of(new Candidate("b", 2_000, 5, stopping), candidate("c", 1_000, 1_000))))
                .contains("c");
        assertThat(Succession.choose(List.of(new Candidate("b", 2_000, 5, stopping))))
                .isEmpty();
    }

    @Test
    void shouldChooseNobodyWhereThereIsNobody() {
        assertThat(Succession.choose(List.of())).isEmpty();
    }

    private static Candidate candidate(String id, long matchIndex, long uptimeMillis) {
        return new Candidate(id, matchIndex, 5, new NodeVitals(uptimeMillis, 0, 0, false));
    }
}
