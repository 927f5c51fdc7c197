package io.stanchion.raftsm.model;

import java.util.Locale;

/**
 * Channel names are unique whatever their case. All here must come out alike on every node, so nothing depends on how much Unicode the
 * node's JDK knows.
 */
final class ChannelNames {
    /** Below: Latin, Greek, Cyrillic. Their letters have had their case for longer than any JDK that we run on. */
    private static final int CASE_SETTLED = 0x530;

    private ChannelNames() {}

    static String fold(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            folded.append(c < CASE_SETTLED ? (char) Character.toLowerCase((int) c) : c);
        }
        return folded.toString();
    }

    static String clash(String wanted, String existing) {
        return "rejecting channel " + quote(wanted) + " because channel " + quote(existing)
                + " alreay exists (different cases not allowed)";
    }

    /** As Go's %q. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case 7 -> quoted.append("\\a");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case 11 -> quoted.append("\\v");
                default ->
                    quoted.append(
                            c < ' ' || c == 127
                                    ? String.format(Locale.ROOT, "\\x%02x", c)
                                    : c >= 128 && c <= 160
                                            ? String.format(Locale.ROOT, "\\u%04x", c)
                                            : Character.toString((char) c));
            }
        });
        return quoted.append('"').toString();
    }
}
