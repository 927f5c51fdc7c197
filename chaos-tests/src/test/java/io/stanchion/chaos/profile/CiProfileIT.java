package io.stanchion.chaos.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.chaos.cluster.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two minutes of faults. Each commit meets other ones, and a commit always the same. */
@Tag("chaos")
class CiProfileIT {
    private static final Logger log = LoggerFactory.getLogger(CiProfileIT.class);
    private static final Path REPORT = Path.of("target", "chaos-report").toAbsolutePath();
    private static final int LIMIT_MINUTES = 8;

    @Test
    @Timeout(value = LIMIT_MINUTES + 1, unit = TimeUnit.MINUTES)
    void shouldFindNothingUnderTheFaultsOfThisCommit() throws Exception {
        String seed = String.valueOf(CommitSeed.get());
        log.info("seed {}; repeat with -Dchaos.seed={}", seed, seed);
        Path output = Files.createTempFile("chaos-ci", ".txt");
        Process suite = new ProcessBuilder(
                        Installation.launcher().toString(),
                        "chaos",
                        "ci",
                        "--seed",
                        seed,
                        "--report",
                        REPORT.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(suite.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            suite.destroy(); // which takes its nodes and clients with it
        }
        assertThat(suite.exitValue()).as(Files.readString(output)).isZero();
        Files.delete(output);
    }
}
