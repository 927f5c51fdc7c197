package io.stanchion.chaos.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.chaos.cluster.Installation;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.ByteBuddy;
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
        suite.environment().put("STANCHION_JAVA_OPTS", "-javaagent:" + agent() + "=" + mutant);
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

    /** The classes of this package in a jar that says it is an agent. */
    private Path agent() throws IOException, URISyntaxException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(new Attributes.Name("Premain-Class"), MutantAgent.class.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH, placeOf(ByteBuddy.class).toUri().toString());
        Path classes = placeOf(MutantAgent.class);
        Path jar = folder.resolve("mutants.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                var all = Files.list(
                        classes.resolve(MutantAgent.class.getPackageName().replace('.', '/')))) {
            for (Path source : all.toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(source).toString()));
                Files.copy(source, out);
            }
        }
        return jar;
    }

    private static Path placeOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
