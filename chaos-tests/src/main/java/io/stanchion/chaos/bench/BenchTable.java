package io.stanchion.chaos.bench;

import java.io.PrintWriter;
import java.util.Locale;

/** Prints one line per measurement as soon as it is known. */
final class BenchTable {
    private final PrintWriter out;

    BenchTable(PrintWriter out) {
        this.out = out;
    }

    void title(String text) {
        out.println();
        out.println(text);
        out.flush();
    }

    void row(String what, String value) {
        out.println(String.format(Locale.ROOT, "  %-52s %s", what, value));
        out.flush();
    }

    static String perSecond(double rate) {
        return String.format(Locale.ROOT, "%,10.0f /s", rate).replace(',', ' ');
    }

    static String millis(double millis) {
        return String.format(Locale.ROOT, "%.2f ms", millis);
    }
}
