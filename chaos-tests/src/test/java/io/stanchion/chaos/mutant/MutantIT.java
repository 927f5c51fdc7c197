package io.stanchion.chaos.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.chaos.cluster.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A suite that finds nothing may be blind. Each broken server must be found out, and by the judge that knows the promise. */
@Tag("long")
class MutantIT {
    private static final long LIMIT_SECONDS = 240;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldBeFoundOut(Mutant mutant) throws Exception {
        Path report = folder.resolve("report");
        ProcessBuilder suite = new ProcessBuilder(List.of(
                Installation.launcher().toString(),
                "chaos",
                "one",
                "kill-leader",
                "--seed",
                "1",
                "--time",
                "4",
                "--report",
                report.toString()));
        suite.environment()
                .put("STANCHION_JAVA_OPTS", "-javaagent:" + AgentJar.write(folder, MutantAgent.class) + "=" + mutant);
        suite.environment().put("STANCHION_CACHE", "off");
        Path output = folder.resolve("output");
        suite.redirectErrorStream(true).redirectOutput(output.toFile());
        Process process = suite.start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroy(); // which takes its nodes and clients with it
        }

        assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(1);
        assertThat(Files.readString(report.resolve("report.md"))).contains("**" + mutant.checker + "**");
    }
}
