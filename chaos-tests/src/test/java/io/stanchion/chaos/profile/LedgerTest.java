package io.stanchion.chaos.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final Tally SOUND =
            new Tally("kill-leader", 7, 33, true, 100, 97, 3, 0, 400, 5, List.of(700L, 1200L), List.of());
    private static final Tally SPOILT = new Tally(
            "kill-all", 8, 34, false, 200, 150, 49, 1, 500, 6, List.of(9000L), List.of("lost-messages", "ack-pause"));

    @TempDir
    private Path folder;

    @Test
    void shouldGoOnWhereAnEarlierRunHasEnded() throws IOException {
        Ledger first = Ledger.open(folder);
        first.add(SOUND);
        first.skip("power-cut-all", "no loop devices");
        first.skip("kill-all", "not this time");

        Ledger second = Ledger.open(folder);
        second.add(SPOILT);

        Ledger third = Ledger.open(folder);
        assertThat(third.tallies()).containsExactly(SOUND, SPOILT);
        assertThat(third.skipped()).containsOnlyKeys("power-cut-all");
        assertThat(third.roundsOf("kill-all")).isEqualTo(1);
    }

    @Test
    void shouldForgetEarlierRunsWhenItBegins() throws IOException {
        Ledger.open(folder).add(SPOILT);

        assertThat(Ledger.begin(folder).tallies()).isEmpty();
    }

    @Test
    void shouldSumTheRoundsOfSeveralFolders() throws IOException {
        Ledger.open(folder.resolve("one")).add(SOUND);
        Ledger.open(folder.resolve("two")).add(SPOILT);

        Ledger sum = Ledger.sum(List.of(folder.resolve("one"), folder.resolve("two")));
        List<String> page = new Report(sum.tallies(), sum.skipped(), List.of()).lines();

        assertThat(page)
                .contains("# Chaos report: FAILED", "| published | 300 |", "| strikes | 3 |")
                .anySatisfy(line -> assertThat(line).matches("    < 750 ms +1  #+"))
                .anySatisfy(line -> assertThat(line).startsWith("| kill-all | 1 | 1 | 200 | 150 |"));
    }
}
