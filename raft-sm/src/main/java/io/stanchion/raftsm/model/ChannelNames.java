package io.stanchion.raftsm.model;

import java.util.Locale;

/**
 * Channel names are unique whatever their case. All here must come out alike on every node, so nothing depends on how much Unicode the
 * node's JDK knows.
 */
final class ChannelNames {
    /** Below, letters have had their case for longer than any JDK that we run on, but for one. */
    private static final int CASE_SETTLED = 0x2C00;

    /** Cyrillic Tje, which Unicode has since its version 16. */
    private static final char LATECOMER = '\u1C89';

    /** First and last of what is invisible, or no character at all, as pairs. */
    private static final String UNPRINTABLE =
            "\u0000\u001f\u007f\u00a0\u00ad\u00ad\u0600\u0605\u061c\u061c\u06dd\u06dd\u070f\u070f"
                    + "\u08e2\u08e2\u1680\u1680\u180e\u180e\u2000\u200f\u2028\u202f\u205f\u206f\u3000\u3000\ue000\uf8ff\ufeff\ufeff"
                    + "\ufff9\ufffb";

    private ChannelNames() {}

    static String fold(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            folded.append(c < CASE_SETTLED && c != LATECOMER ? (char) Character.toLowerCase((int) c) : c);
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
                            isPrintable(c)
                                    ? Character.toString((char) c)
                                    : String.format(Locale.ROOT, c < 128 ? "\\x%02x" : "\\u%04x", c));
            }
        });
        return quoted.append('"').toString();
    }

    private static boolean isPrintable(int c) {
        int bound = 0;
        while (bound < UNPRINTABLE.length() && UNPRINTABLE.charAt(bound) <= c) {
            bound++;
        }
        boolean isWithin = bound % 2 == 1 || (bound > 0 && UNPRINTABLE.charAt(bound - 1) == c);
        return !isWithin;
    }
}
