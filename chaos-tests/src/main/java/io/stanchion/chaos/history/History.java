package io.stanchion.chaos.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** All events of a run in the order of the monotonic clock. */
public final class History {
    /** What the files of a history end in. */
    public static final String SUFFIX = ".history";

    private final List<Event> events;

    private History(List<Event> events) {
        this.events = events;
    }

    public static History of(List<Event> events) {
        return new History(
                events.stream().sorted(Comparator.comparingLong(Event::nanos)).toList());
    }

    /** Reads the histories of all processes in a folder. A torn line counts as never written. */
    public static History read(Path folder) throws IOException {
        List<Event> events = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    EventLine.tryRead(line).ifPresent(events::add);
                }
            }
        }
        return of(events);
    }

    public List<Event> events() {
        return events;
    }

    public Stream<Event> select(Predicate<Event> wanted) {
        return events.stream().filter(wanted);
    }

    public Stream<Event> select(Action action, Phase phase) {
        return select(event -> event.is(action, phase));
    }

    public long beginNanos() {
        return events.isEmpty() ? 0 : events.get(0).nanos();
    }

    public long endNanos() {
        return events.isEmpty() ? 0 : events.get(events.size() - 1).nanos();
    }
}
