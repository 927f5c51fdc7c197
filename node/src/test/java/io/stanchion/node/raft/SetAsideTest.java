package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetAsideTest {
    private static final List<String> PARTS = List.of("raft", "db");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path root;

    @Test
    void shouldKeepWhatWasNotedFirst() throws Exception {
        SetAside doubts = new SetAside(root);
        assertThat(doubts.doubt()).isEmpty();
        doubts.note("a block of db\ndoes not match its checksum", NOON);
        doubts.note("the replica has stopped", NOON.plusSeconds(1));
        assertThat(new SetAside(root).doubt()).contains("a block of db does not match its checksum");
        doubts.forget();
        assertThat(new SetAside(root).doubt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20260301T120000Z", "20260301T120000Z\n\n", "\0\0\0", "\u00ff\u00fe"})
    void shouldDoubtEvenIfTheDiskHasSpoiltTheReason(String mark) throws Exception {
        Files.write(root.resolve(SetAside.MARK), mark.getBytes(StandardCharsets.ISO_8859_1));
        SetAside doubts = new SetAside(root);
        assertThat(doubts.doubt()).contains("no reason is noted");
        doubts.move(PARTS);
        assertThat(doubts.doubt()).isEmpty();
        assertThat(doubts.lastReason()).contains("no reason is noted");
    }

    @Test
    void shouldMoveDataAwayWithItsReason() throws Exception {
        setAside(NOON);
        Path folder = root.resolve("quarantined-20260301T120000Z");
        assertThat(folder.resolve("raft/log")).hasContent("of 2026-03-01T12:00:00Z");
        assertThat(folder.resolve("db")).doesNotExist();
        assertThat(root.resolve("raft")).doesNotExist();
        assertThat(new SetAside(root).doubt()).isEmpty();
        assertThat(new SetAside(root).lastReason()).contains("noticed at 2026-03-01T12:00:00Z");
    }

    @Test
    void shouldGoOnWhereACrashInterruptedIt() throws Exception {
        SetAside doubts = new SetAside(root);
        doubts.note("bad", NOON);
        Files.createDirectories(root.resolve("quarantined-20260301T120000Z/raft"));
        Files.createDirectories(root.resolve("db"));
        doubts.move(PARTS);
        assertThat(names()).containsExactly("quarantined-20260301T120000Z");
        assertThat(root.resolve("quarantined-20260301T120000Z")).isDirectoryContaining("glob:**/{raft,db,reason}");
    }

    @Test
    void shouldDeleteTheOldestWhenAThirdComes() throws Exception {
        setAside(NOON);
        setAside(NOON.plus(Duration.ofDays(1)));
        setAside(NOON.plus(Duration.ofDays(2)));
        assertThat(names()).containsExactly("quarantined-20260302T120000Z", "quarantined-20260303T120000Z");
    }

    @Test
    void shouldCallItTooOftenWhenTwoAreOfTheLastHour() throws Exception {
        setAside(NOON);
        assertThat(new SetAside(root).isTooOften(NOON.plusSeconds(60))).isFalse();
        setAside(NOON.plusSeconds(120));
        assertThat(new SetAside(root).isTooOften(NOON.plusSeconds(180))).isTrue();
        assertThat(new SetAside(root).isTooOften(NOON.plusSeconds(3_700))).isFalse();
    }

    private void setAside(Instant when) throws IOException {
        SetAside doubts = new SetAside(root);
        Files.createDirectories(root.resolve("raft"));
        Files.writeString(root.resolve("raft/log"), "of " + when);
        doubts.note("noticed at " + when, when);
        doubts.move(PARTS);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
