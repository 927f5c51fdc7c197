package io.stanchion.node.config;

import io.stanchion.node.config.ConfigValue.Bool;
import io.stanchion.node.config.ConfigValue.Decimal;
import io.stanchion.node.config.ConfigValue.Text;
import io.stanchion.node.config.ConfigValue.Time;
import io.stanchion.node.config.ConfigValue.Whole;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/**
 * What a value without quotes means. A word that begins with a digit is text if the digits are followed by something that cannot
 * continue a number ({@code 3secret}, {@code 300ms}, {@code 127.0.0.1:4222}); where it could continue one and does not
 * ({@code 1m30s}, {@code 10-20}, {@code 1.5GB}), the syntax refuses it.
 */
final class BareWord {
    private static final String UNITS = "kmgtpe";
    private static final int YEAR_DIGITS = 4;

    private final Place place;
    private final String word;
    private int end;

    private BareWord(Place place, String word) {
        this.place = place;
        this.word = word;
    }

    static ConfigValue read(Place place, String word) throws ConfigSyntaxException {
        switch (word.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> {
                return new Bool(place, true);
            }
            case "false", "no", "off" -> {
                return new Bool(place, false);
            }
            default -> {
                return new BareWord(place, word).read();
            }
        }
    }

    private ConfigValue read() throws ConfigSyntaxException {
        boolean negative = word.startsWith("-");
        end = negative ? 1 : 0;
        if (!Cursor.isDigit(at(end))) {
            if (negative) {
                throw needsQuotes();
            }
            return new Text(place, word);
        }
        skipDigits();
        int digits = end;
        int next = at(end);
        if (next == Cursor.END) {
            return new Whole(place, whole(word, 1));
        } else if (next == '.') {
            return readFraction();
        } else if (next == '-') {
            return readDate();
        } else if (UNITS.indexOf(Character.toLowerCase(next)) >= 0) {
            return readUnit(digits);
        }
        return new Text(place, word);
    }

    /** After the digits stands a letter that may be a unit: k = 1000, kb, ki and kib = 1024. */
    private ConfigValue readUnit(int digits) throws ConfigSyntaxException {
        end++;
        while ("bBiI".indexOf(at(end)) >= 0) {
            end++;
        }
        if (Cursor.isDigit(at(end))) {
            throw needsQuotes(); // 1m30s
        }
        if (end < word.length()) {
            return new Text(place, word); // 300ms
        }
        String unit = word.substring(digits).toLowerCase(Locale.ROOT);
        if (unit.length() > 1 && !unit.substring(1).matches("b|i|ib")) {
            return new Text(place, word);
        }
        return new Whole(place, whole(word.substring(0, digits), factor(unit)));
    }

    private static long factor(String unit) {
        long base = unit.length() == 1 ? 1000 : 1024;
        long factor = 1;
        for (int i = 0; i <= UNITS.indexOf(unit.charAt(0)); i++) {
            factor *= base;
        }
        return factor;
    }

    private ConfigValue readFraction() throws ConfigSyntaxException {
        end++;
        if (!Cursor.isDigit(at(end))) {
            throw needsQuotes();
        }
        skipDigits();
        if (end == word.length()) {
            return new Decimal(place, Double.parseDouble(word));
        }
        if (at(end) == '.') {
            return new Text(place, word); // an address
        }
        if (GoDuration.parseNanos(word).isEmpty() && Character.isLetter(at(end))) {
            throw new ConfigSyntaxException(
                    place, word + " is no size: sizes are whole numbers; units are " + Sizes.UNITS);
        }
        throw needsQuotes(); // 1.5h
    }

    private ConfigValue readDate() throws ConfigSyntaxException {
        if (end != YEAR_DIGITS || !word.endsWith("Z")) {
            throw needsQuotes();
        }
        try {
            return new Time(place, Instant.parse(word));
        } catch (DateTimeParseException e) {
            throw needsQuotes();
        }
    }

    private long whole(String number, long factor) throws ConfigSyntaxException {
        try {
            return Math.multiplyExact(Long.parseLong(number), factor);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new ConfigSyntaxException(place, word + " is too large a number");
        }
    }

    private void skipDigits() {
        while (Cursor.isDigit(at(end))) {
            end++;
        }
    }

    private int at(int index) {
        return index < word.length() ? word.charAt(index) : Cursor.END;
    }

    private ConfigSyntaxException needsQuotes() {
        return new ConfigSyntaxException(
                place, word + " is neither a number nor a word; if it is meant as text, write \"" + word + "\"");
    }
}
