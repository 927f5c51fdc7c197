package io.stanchion.node.monitor;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands behind the question mark of a request. Of a name that is given twice the first counts. */
final class Query {
    /** The page of a list that is sent when nobody says how long it should be. */
    static final int LIMIT = 1024;

    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    private final Map<String, String> values = new HashMap<>();

    /** A value that the page can't do anything with; the message is for the one who asked. */
    static final class BadQueryException extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        BadQueryException(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    Query(@Nullable String raw) {
        if (raw == null) {
            return;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            try {
                values.putIfAbsent(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        URLDecoder.decode(value, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                // a broken escape: as if it were not there
            }
        }
    }

    /** Empty if it is not given. */
    String text(String name) {
        return values.getOrDefault(name, "");
    }

    /** 0 for what is not a number, as the streaming pages have it; what is too large is the largest. */
    int lenientNumber(String name) {
        String text = text(name);
        if (!text.matches("[+-]?[0-9]+")) {
            return 0;
        }
        try {
            return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, Long.parseLong(text)));
        } catch (NumberFormatException e) {
            return text.startsWith("-") ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        }
    }

    /** 0 if it is not given. */
    long number(String name) throws BadQueryException {
        String text = text(name);
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new BadQueryException(
                    "Error decoding int for '" + name + "': strconv.Atoi: parsing \"" + text + "\": invalid syntax");
        }
    }

    /** False if it is not given. */
    boolean flag(String name) throws BadQueryException {
        String text = text(name);
        if (!text.isEmpty() && !TRUE.contains(text) && !FALSE.contains(text)) {
            throw new BadQueryException("Error decoding boolean for '" + name + "': strconv.ParseBool: parsing \""
                    + text + "\": invalid syntax");
        }
        return TRUE.contains(text);
    }

    int offset() throws BadQueryException {
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, number("offset")));
    }

    int limit() throws BadQueryException {
        long limit = number("limit");
        return limit <= 0 ? LIMIT : (int) Math.min(Integer.MAX_VALUE, limit);
    }

    int lenientOffset() {
        return Math.max(0, lenientNumber("offset"));
    }

    int lenientLimit() {
        int limit = lenientNumber("limit");
        return limit <= 0 ? LIMIT : limit;
    }
}
