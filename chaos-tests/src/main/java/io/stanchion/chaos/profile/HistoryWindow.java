package io.stanchion.chaos.profile;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.History;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** The smallest piece of a history that explains something: the evidence, and faults and broken connections around it. */
final class HistoryWindow {
    private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int LINES_MAX = 40;

    private HistoryWindow() {}

    static List<String> around(List<Event> evidence, History history) {
        if (evidence.isEmpty()) {
            return List.of();
        }
        long from = nanos(evidence).min().orElse(0) - MARGIN_NANOS;
        long to = nanos(evidence).max().orElse(0) + MARGIN_NANOS;
        Set<Event> shown = new HashSet<>(evidence);
        return history.events().stream()
                .filter(event -> event.nanos() >= from && event.nanos() <= to)
                .filter(event -> shown.contains(event) || isContext(event))
                .limit(LINES_MAX)
                .map(event -> event.toLine(history.beginNanos()))
                .toList();
    }

    private static boolean isContext(Event event) {
        return event.action() == Action.FAULT
                || event.action() == Action.LINK
                || event.action() == Action.NEWS
                || event.action() == Action.LOST;
    }

    private static LongStream nanos(List<Event> events) {
        return events.stream().mapToLong(Event::nanos);
    }
}
