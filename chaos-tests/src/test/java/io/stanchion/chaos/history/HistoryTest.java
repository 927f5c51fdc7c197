package io.stanchion.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    @TempDir
    private Path folder;

    @Test
    void shouldReadBackWhatSeveralProcessesWroteInTheOrderOfTheClock() throws IOException {
        Event late;
        Event early;
        try (HistoryWriter one = new HistoryWriter(folder.resolve("one" + History.SUFFIX), "one");
                HistoryWriter two = new HistoryWriter(folder.resolve("two" + History.SUFFIX), "two")) {
            early = one.event(Phase.INVOKE, Action.PUBLISH, one.nextOperation())
                    .on("orders", "writer-1")
                    .message(1, 17)
                    .at(10);
            late = two.event(Phase.INFO, Action.DELIVER, 0)
                    .on("orders", "reader")
                    .message(1, 17)
                    .stored(5, 123, true)
                    .at(20);
            two.append(late);
            one.append(early);
        }

        assertThat(History.read(folder).events()).containsExactly(early, late);
    }

    @Test
    void shouldKeepALineWholeWhenItsNoteHasLinesAndTabs() throws IOException {
        try (HistoryWriter writer = new HistoryWriter(folder.resolve("one" + History.SUFFIX), "one")) {
            writer.append(writer.event(Phase.INFO, Action.FAULT, 0).saying("a\tb\nc"));
        }

        assertThat(History.read(folder).events()).extracting(Event::note).containsExactly("a b c");
    }

    @Test
    void shouldIgnoreATornLastLine() throws IOException {
        Path file = folder.resolve("one" + History.SUFFIX);
        try (HistoryWriter writer = new HistoryWriter(file, "one")) {
            writer.append(writer.event(Phase.INFO, Action.FAULT, 0).saying("first"));
            writer.append(writer.event(Phase.INFO, Action.FAULT, 0).saying("second"));
        }
        byte[] all = Files.readAllBytes(file);
        int second = new String(all, StandardCharsets.UTF_8).indexOf('\n') + 1;
        for (int end = second; end < all.length - 1; end++) {
            Files.write(file, Arrays.copyOf(all, end), StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

            assertThat(History.read(folder).events()).extracting(Event::note).containsExactly("first");
        }
    }
}
