package io.stanchion.node.log;

import io.stanchion.node.config.NodeConfig.LogTime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;
import org.apache.logging.log4j.core.util.Throwables;

/**
 * A line as nats-server writes it: {@code [pid] 2006/01/02 15:04:05.000000 [INF] text}. What streaming has to say begins with
 * {@code STREAM: }. A stack trace follows on lines of its own.
 *
 * <p>Written by hand because a pattern, and a date formatter, take a good part of a quick start to load.
 */
final class LogLine extends AbstractStringLayout {
    /** An error with this marker is the last thing that the process says. */
    static final String FATAL = "FATAL";

    private static final String STREAM = "STREAM: ";
    private static final int NANOS_PER_MICRO = 1_000;

    private final LogTime time;
    private final String pid = "[" + ProcessHandle.current().pid() + "] ";

    LogLine(LogTime time) {
        super(StandardCharsets.UTF_8);
        this.time = time;
    }

    @Override
    public String toSerializable(LogEvent event) {
        StringBuilder line = getStringBuilder();
        appendHead(line, event, level(event.getLevel(), event.getMarker()));
        String text = event.getMessage().getFormattedMessage();
        if (isStreaming(event.getLoggerName()) && !text.startsWith(STREAM)) {
            line.append(STREAM);
        }
        line.append(text).append('\n');
        Throwable thrown = event.getThrown();
        if (thrown != null) {
            Throwables.toStringList(thrown)
                    .forEach(traced -> line.append(traced).append('\n'));
        }
        return line.toString();
    }

    /** A line of our own, at the time of that event. */
    String line(LogEvent event, String text) {
        StringBuilder line = new StringBuilder();
        appendHead(line, event, "INF");
        return line.append(text).append('\n').toString();
    }

    private void appendHead(StringBuilder line, LogEvent event, String level) {
        line.append(pid);
        appendTime(line, event);
        line.append('[').append(level).append("] ");
    }

    private void appendTime(StringBuilder line, LogEvent event) {
        if (time == LogTime.NONE) {
            return;
        }
        Instant instant = Instant.ofEpochSecond(
                event.getInstant().getEpochSecond(), event.getInstant().getNanoOfSecond());
        ZoneId zone = time == LogTime.UTC ? ZoneOffset.UTC : ZoneId.systemDefault();
        LocalDateTime local = LocalDateTime.ofInstant(instant, zone);
        line.append(local.getYear()).append('/');
        append(line, local.getMonthValue(), 2).append('/');
        append(line, local.getDayOfMonth(), 2).append(' ');
        append(line, local.getHour(), 2).append(':');
        append(line, local.getMinute(), 2).append(':');
        append(line, local.getSecond(), 2).append('.');
        append(line, local.getNano() / NANOS_PER_MICRO, 6).append(' ');
    }

    private static StringBuilder append(StringBuilder line, int number, int digits) {
        String text = Integer.toString(number);
        return line.append("0".repeat(digits - text.length())).append(text);
    }

    private static String level(Level level, Marker marker) {
        if (marker != null && marker.getName().equals(FATAL)) {
            return "FTL";
        }
        return switch (level.getStandardLevel()) {
            case FATAL -> "FTL";
            case ERROR -> "ERR";
            case WARN -> "WRN";
            case DEBUG -> "DBG";
            case TRACE -> "TRC";
            default -> "INF";
        };
    }

    private static boolean isStreaming(String logger) {
        return LogSetup.STREAMING.stream().anyMatch(logger::startsWith);
    }
}
