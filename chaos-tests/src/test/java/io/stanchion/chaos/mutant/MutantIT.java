package io.stanchion.chaos.mutant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.stanchion.chaos.cluster.Installation;
import io.stanchion.chaos.nemesis.Nemeses;
import io.stanchion.chaos.nemesis.Nemesis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A suite that finds nothing may be blind. Each broken server must be found out, and by the judge that knows the promise. */
@Tag("chaos")
class MutantIT {
    private static final String SEED = "1";

    /** Some mutants never come back. */
    private static final String PATIENCE_SECONDS = "40";

    private static final long LIMIT_SECONDS = 300;

    /** A machine that has too much to do finds nobody out; but it does not make a node distrust its data. */
    private static final String SLOW = "(not ready after(?!.*can't be trusted)|still ran|did not end within)";

    private static final Pattern MISFIT =
            Pattern.compile("NoSuch(Method|Field)|IllegalAccess|ClassCast|VerifyError|IncompatibleClassChange");

    @TempDir
    private Path folder;

    /** All, or the one of {@code -Dmutant=NAME}. */
    static Stream<Mutant> chosen() {
        String name = System.getProperty("mutant", "");
        return name.isEmpty() ? Arrays.stream(Mutant.values()) : Stream.of(Mutant.valueOf(name));
    }

    @ParameterizedTest
    @MethodSource("chosen")
    @Timeout(LIMIT_SECONDS + 60)
    void shouldBeFoundOut(Mutant mutant) throws Exception {
        Nemesis nemesis = Nemeses.named(mutant.nemesis).orElseThrow();
        assumeThat(nemesis.obstacle()).as("obstacle of %s", nemesis.name()).isEmpty();
        Path report = folder.resolve("report");
        ProcessBuilder suite = new ProcessBuilder(List.of(
                Installation.launcher().toString(),
                "chaos",
                "one",
                mutant.nemesis,
                "--seed",
                SEED,
                "--time",
                String.valueOf(mutant.seconds),
                "--rate",
                String.valueOf(mutant.rate),
                "--patience",
                PATIENCE_SECONDS,
                "--report",
                report.toString()));
        suite.environment()
                .put(
                        "STANCHION_JAVA_OPTS",
                        System.getenv().getOrDefault("STANCHION_JAVA_OPTS", "") + " "
                                + AgentJar.optionFor(folder, mutant.className, mutant.classFile()));
        Path output = folder.resolve("output");
        suite.redirectErrorStream(true).redirectOutput(output.toFile());
        Process process = suite.start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroy(); // which takes its nodes and clients with it
        }

        assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(1);
        assertThat(report.resolve("report.md")).as(Files.readString(output)).exists();
        assertThat(brokenTools(report))
                .as("what the mutation itself could not do")
                .isEmpty();
        assertThat(Files.readString(report.resolve("report.md")))
                .as(Files.readString(output))
                .containsPattern("(?m)^\\*\\*(" + mutant.judges + ")\\*\\*: (?!.*" + SLOW + ")");
    }

    /** A server that fails because its mutation does not fit any more is found, too, and shows nothing. */
    private static List<String> brokenTools(Path report) throws IOException {
        try (Stream<Path> files = Files.walk(report)) {
            List<String> found = new ArrayList<>();
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                try (Stream<String> lines = Files.lines(log)) {
                    lines.filter(MISFIT.asPredicate()).forEach(found::add);
                }
            }
            return found;
        }
    }
}
