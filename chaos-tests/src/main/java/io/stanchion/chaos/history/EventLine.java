package io.stanchion.chaos.history;

import java.util.Optional;

/** An {@link Event} as a line of a file: fields between tabs, so that grep and cut can work on it. A full stop ends a line that is whole. */
final class EventLine {
    private static final int FIELDS = 15;
    private static final String END = ".";
    private static final String SEPARATOR = "\t";

    private EventLine() {}

    static String write(Event event) {
        return String.join(
                SEPARATOR,
                Long.toString(event.nanos()),
                Long.toString(event.wallMillis()),
                plain(event.process()),
                event.phase().name(),
                event.action().name(),
                Long.toString(event.operation()),
                plain(event.channel()),
                plain(event.party()),
                Integer.toString(event.writer()),
                Long.toString(event.counter()),
                Long.toString(event.sequence()),
                Long.toString(event.value()),
                event.flagged() ? "1" : "0",
                plain(event.note()),
                END);
    }

    /** Empty for a line that is torn, which a killed process may leave as its last one. */
    static Optional<Event> tryRead(String line) {
        String[] fields = line.split(SEPARATOR, -1);
        if (fields.length != FIELDS || !fields[FIELDS - 1].equals(END)) {
            return Optional.empty();
        }
        return Optional.of(new Event(
                Long.parseLong(fields[0]),
                Long.parseLong(fields[1]),
                fields[2].intern(),
                Phase.valueOf(fields[3]),
                Action.valueOf(fields[4]),
                Long.parseLong(fields[5]),
                fields[6].intern(),
                fields[7].intern(),
                Integer.parseInt(fields[8]),
                Long.parseLong(fields[9]),
                Long.parseLong(fields[10]),
                Long.parseLong(fields[11]),
                fields[12].equals("1"),
                fields[13]));
    }

    private static String plain(String text) {
        return text.replaceAll("[\\t\\r\\n]", " ");
    }
}
