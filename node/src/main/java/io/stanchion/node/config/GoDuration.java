package io.stanchion.node.config;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Durations as Go writes them: {@code 300ms}, {@code 1m30s}, {@code 1.5h}, {@code -2s}, and {@code 0}. */
public final class GoDuration {
    private static final List<Unit> UNITS = List.of(
            new Unit("ns", 1L),
            new Unit("us", 1_000L),
            new Unit("µs", 1_000L),
            new Unit("μs", 1_000L),
            new Unit("ms", 1_000_000L),
            new Unit("s", 1_000_000_000L),
            new Unit("m", 60_000_000_000L),
            new Unit("h", 3_600_000_000_000L));

    static final String NAMES_OF_UNITS = "ns, us, ms, s, m, h";

    private record Unit(String name, long nanos) {}

    private GoDuration() {}

    /** The nanoseconds; empty if it is no duration. */
    public static OptionalLong parseNanos(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String rest = signed ? text.substring(1) : text;
        if (rest.equals("0")) {
            return OptionalLong.of(0);
        }
        double total = 0;
        if (rest.isEmpty()) {
            return OptionalLong.empty();
        }
        while (!rest.isEmpty()) {
            int digits = lengthOfNumber(rest);
            int end = digits + lengthOfUnit(rest, digits);
            Unit unit = unit(rest.substring(digits, end));
            String number = rest.substring(0, digits);
            if (unit == null
                    || number.isEmpty()
                    || number.equals(".")
                    || number.indexOf('.') != number.lastIndexOf('.')) {
                return OptionalLong.empty();
            }
            total += Double.parseDouble(number) * unit.nanos();
            rest = rest.substring(end);
        }
        if (total >= Long.MAX_VALUE) {
            return OptionalLong.empty();
        }
        long nanos = Math.round(total);
        return OptionalLong.of(text.startsWith("-") ? -nanos : nanos);
    }

    private static int lengthOfNumber(String text) {
        int end = 0;
        while (end < text.length() && (Cursor.isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        return end;
    }

    private static int lengthOfUnit(String text, int start) {
        int end = start;
        while (end < text.length() && !Cursor.isDigit(text.charAt(end)) && text.charAt(end) != '.') {
            end++;
        }
        return end - start;
    }

    private static @Nullable Unit unit(String name) {
        return UNITS.stream()
                .filter(unit -> unit.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** As Go prints it: {@code 1m30s}, {@code 250ms}, {@code 0s}. */
    public static String print(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder(nanos < 0 ? "-" : "");
        long rest = Math.abs(nanos);
        if (rest < 1_000_000_000L) {
            return text.append(fraction(rest)).toString();
        }
        long hours = rest / 3_600_000_000_000L;
        long minutes = rest / 60_000_000_000L % 60;
        text.append(hours > 0 ? hours + "h" : "").append(hours > 0 || minutes > 0 ? minutes + "m" : "");
        return text.append(decimal(rest % 60_000_000_000L, 1_000_000_000L))
                .append('s')
                .toString();
    }

    private static String fraction(long nanos) {
        if (nanos < 1_000) {
            return nanos + "ns";
        }
        return nanos < 1_000_000 ? decimal(nanos, 1_000) + "µs" : decimal(nanos, 1_000_000) + "ms";
    }

    private static String decimal(long nanos, long unit) {
        String whole = Long.toString(nanos / unit);
        long rest = nanos % unit;
        if (rest == 0) {
            return whole;
        }
        String digits = Long.toString(unit + rest).substring(1);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return whole + "." + digits.substring(0, end);
    }
}
