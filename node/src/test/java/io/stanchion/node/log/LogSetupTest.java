package io.stanchion.node.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.node.Main;
import io.stanchion.node.config.NodeConfig.LogConfig;
import io.stanchion.node.config.NodeConfig.LogFile;
import io.stanchion.node.config.NodeConfig.LogTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes of their own, because a process has one log. */
class LogSetupTest {
    private static final String TIME = "\\d{4}/\\d{2}/\\d{2} \\d{2}:\\d{2}:\\d{2}\\.\\d{6} ";
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    private Path directory;

    private record Ended(long pid, int status, List<String> out, List<String> err) {}

    @Test
    void shouldWriteLinesAsNatsServerDoesOnTheTerminal() throws Exception {
        Ended ended = run(LogProbe.class, "LOCAL", "");

        assertThat(ended.status).isZero();
        assertThat(ended.out).isEmpty();
        assertLines(ended.err, "\\[" + ended.pid + "] " + TIME);
    }

    @Test
    void shouldWriteTheSameLinesToAFileAndKeepWhatIsThere() throws Exception {
        Path file = Files.writeString(directory.resolve("server.log"), "from an earlier start\n");
        Ended ended = run(LogProbe.class, "NONE", file.toString());

        assertThat(ended.status).isZero();
        assertThat(ended.err).isEmpty();
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.get(0)).isEqualTo("from an earlier start");
        assertLines(lines.subList(1, lines.size()), "\\[" + ended.pid + "] ");
    }

    private static void assertLines(List<String> lines, String prefix) {
        assertThat(lines.get(0)).matches(prefix + "\\[INF] client 7 connected");
        assertThat(lines.get(1)).matches(prefix + "\\[DBG] STREAM: applied größe");
        assertThat(lines.get(2)).matches(prefix + "\\[WRN] STREAM: is said once");
        assertThat(lines.get(3)).matches(prefix + "\\[ERR] failed");
        assertThat(lines.get(4)).isEqualTo("java.io.IOException: disk full");
        assertThat(lines.get(5)).matches("\\s+at .*LogProbe\\.main.*");
        List<String> rest = lines.subList(6, lines.size());
        assertThat(rest.get(rest.size() - 2)).matches(prefix + "\\[WRN] by the JDK's logging");
        assertThat(rest.get(rest.size() - 1)).matches(prefix + "\\[FTL] the end");
        assertThat(rest.subList(0, rest.size() - 2)).allMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void shouldNameTheFileThatCannotBeWritten() {
        String missing = directory.resolve("no/such/folder.log").toString();
        assertThatThrownBy(() -> LogSetup.apply(toFile(missing)))
                .isInstanceOf(IOException.class)
                .hasMessage("log_file: cannot write to " + missing + ": the folder does not exist; create it");
        assertThatThrownBy(() -> LogSetup.apply(toFile(directory.toString())))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("log_file: cannot write to " + directory + ": ")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> LogSetup.apply(toFile("bad\0name")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("log_file: cannot write to bad");
    }

    @Test
    void shouldEndWithOneLineWhenTheLogOfANodeCannotBeWritten() throws Exception {
        String missing = directory.resolve("no/such/folder.log").toString();
        Ended ended = run(Main.class, "--dir", directory.resolve("data").toString(), "--log", missing);

        assertThat(ended.err)
                .containsExactly("log_file: cannot write to " + missing + ": the folder does not exist; create it");
        assertThat(ended.out).isEmpty();
        assertThat(ended.status).isEqualTo(1);
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pid_file", "ports_file_dir"})
    void shouldEndWithOneLineWhenAFolderForItsFilesIsNotThere(String setting) throws Exception {
        Path missing = directory.resolve("no/such");
        Path config = directory.resolve("node.conf");
        Files.writeString(config, setting + ": \"" + missing + "\"");
        String data = directory.resolve("data").toString();
        Ended ended = run(Main.class, "-c", config.toString(), "--dir", data);

        assertThat(ended.err)
                .containsExactly(setting + ": cannot write to " + missing + ": the folder does not exist; create it");
        assertThat(ended.status).isEqualTo(1);
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void shouldSayWhereTheOperatorWroteTheDataDirectoryThatCannotBeUsed() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        Path config = directory.resolve("node.conf");
        Files.writeString(config, "streaming {\n  dir: \"" + file + "\"\n}");
        Ended ended = run(Main.class, "-c", config.toString());

        assertThat(ended.err.get(ended.err.size() - 1))
                .endsWith("Failed to start: " + config + ":2:8: streaming.dir: data directory " + file
                        + " cannot be created: " + file + ": it is a file, not a folder; choose another with dir");
        assertThat(ended.status).isEqualTo(1);
    }

    private static LogConfig toFile(String file) {
        return new LogConfig(false, false, false, false, false, LogTime.LOCAL, new LogFile(file, 0, 0));
    }

    private Ended run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("stdout");
        Path err = directory.resolve("stderr");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.pid(), process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
    }
}
