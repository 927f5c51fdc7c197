package io.stanchion.node.monitor;

import java.time.Duration;

/** How long something has been running, in the form that NATS tools read: {@code 1y2d3h4m5s}, without what is zero in front. */
final class Uptime {
    private static final long DAYS_PER_YEAR = 365;

    private Uptime() {}

    static String print(Duration time) {
        long days = time.toDays();
        StringBuilder text = new StringBuilder();
        append(text, days / DAYS_PER_YEAR, 'y');
        append(text, days % DAYS_PER_YEAR, 'd');
        append(text, time.toHoursPart(), 'h');
        append(text, time.toMinutesPart(), 'm');
        return text.append(time.toSecondsPart()).append('s').toString();
    }

    private static void append(StringBuilder text, long count, char unit) {
        if (count > 0 || !text.isEmpty()) {
            text.append(count).append(unit);
        }
    }
}
