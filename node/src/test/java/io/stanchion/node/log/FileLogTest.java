package io.stanchion.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.node.config.NodeConfig.LogFile;
import io.stanchion.node.config.NodeConfig.LogTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLogTest {
    private static final String LINE = "[INF] line ";

    @TempDir
    private Path folder;

    @Test
    void shouldSetTheFileAsideWhenItIsFullAndLoseNoLine() throws Exception {
        write(new LogFile(file().toString(), 400, 0), 80);

        List<Path> backups = backups();
        assertThat(backups).hasSizeGreaterThan(1);
        List<String> lines = new ArrayList<>();
        for (Path backup : backups) {
            assertThat(Files.size(backup)).isGreaterThan(400);
            lines.addAll(Files.readAllLines(backup));
        }
        lines.addAll(Files.readAllLines(file()));
        assertThat(lines.stream().filter(line -> line.contains(LINE)).map(FileLogTest::numberOf))
                .containsExactlyElementsOf(
                        Stream.iterate(0, i -> i + 1).limit(80).toList());
        assertThat(lines).filteredOn(line -> line.contains("Rotated log")).hasSameSizeAs(backups);
        assertThat(Files.readAllLines(file()).get(0))
                .endsWith("[INF] Rotated log, backup saved as \"" + backups.get(backups.size() - 1) + "\"");
    }

    @Test
    void shouldKeepTheYoungestFilesOnlyAndTouchNothingElse() throws Exception {
        Path others = Files.writeString(folder.resolve("server.log.notes"), "an operator's");
        write(new LogFile(file().toString(), 400, 3), 100);

        assertThat(backups()).hasSize(2);
        assertThat(others).hasContent("an operator's");
        assertThat(Stream.concat(Files.readAllLines(backups().get(1)).stream(), Files.readAllLines(file()).stream())
                        .filter(line -> line.contains(LINE))
                        .map(FileLogTest::numberOf))
                .contains(99);
    }

    @Test
    void shouldLetOnlyOwnerAndGroupReadIt() throws Exception {
        write(new LogFile(file().toString(), 0, 0), 1);

        assertThat(Files.getPosixFilePermissions(file())).doesNotContain(PosixFilePermission.OTHERS_READ);
    }

    /** A channel would be closed by it, for good. */
    @Test
    void shouldGoOnWritingWhenAThreadIsInterrupted() throws Exception {
        FileLog log = new FileLog(new LogFile(file().toString(), 0, 0), new LogLine(LogTime.NONE));
        log.start();
        Thread.currentThread().interrupt();
        try {
            log.append(line(0));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        log.append(line(1));
        log.stop();

        assertThat(Files.readAllLines(file())).extracting(FileLogTest::numberOf).containsExactly(0, 1);
    }

    private void write(LogFile wanted, int lines) {
        FileLog log = new FileLog(wanted, new LogLine(LogTime.NONE));
        log.start();
        for (int i = 0; i < lines; i++) {
            log.append(line(i));
        }
        log.stop();
    }

    private static LogEvent line(int number) {
        return Log4jLogEvent.newBuilder()
                .setLoggerName("io.stanchion")
                .setLevel(Level.INFO)
                .setMessage(new SimpleMessage("line " + number))
                .build();
    }

    private static int numberOf(String line) {
        return Integer.parseInt(line.substring(line.indexOf(LINE) + LINE.length()));
    }

    private Path file() {
        return folder.resolve("server.log");
    }

    /** In the order of their age. */
    private List<Path> backups() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("server\\.log\\.\\d.*"))
                    .sorted()
                    .toList();
        }
    }
}
