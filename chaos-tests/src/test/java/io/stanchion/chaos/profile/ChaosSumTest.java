package io.stanchion.chaos.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ChaosSumTest {
    @TempDir
    private Path folder;

    @Test
    void shouldWriteOneReportOverTheRoundsOfSeveralRuns() throws Exception {
        for (int run = 1; run <= 2; run++) {
            Ledger ledger = Ledger.begin(folder.resolve("run" + run));
            ledger.add(new Tally("kill-leader", run, 60, true, 100, 99, 1, 0, 300, 4, List.of(800L), List.of()));
        }
        Path report = folder.resolve("sum.md");
        int status = new CommandLine(new Chaos())
                .execute(
                        "sum",
                        "--to",
                        report.toString(),
                        folder.resolve("run1").toString(),
                        folder.resolve("run2").toString());
        assertThat(status).isZero();
        assertThat(Files.readString(report)).contains("| rounds | 2 |", "| published | 200 |", " processors, ");
    }
}
