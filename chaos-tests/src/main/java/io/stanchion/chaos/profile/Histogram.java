package io.stanchion.chaos.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Times as a picture. */
final class Histogram {
    private static final long[] BOUNDS_MILLIS = {
        50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000, Long.MAX_VALUE
    };
    private static final int BAR_MAX = 50;

    private Histogram() {}

    static List<String> of(List<Long> millis) {
        long[] counts = new long[BOUNDS_MILLIS.length];
        millis.forEach(time -> counts[binOf(time)]++);
        long most = 1;
        for (long count : counts) {
            most = Math.max(most, count);
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            String name = i == counts.length - 1 ? "more" : "< " + BOUNDS_MILLIS[i] + " ms";
            String bar = "#".repeat((int) ((counts[i] * BAR_MAX + most - 1) / most));
            lines.add(String.format(Locale.ROOT, "    %-10s %5d  %s", name, counts[i], bar)
                    .stripTrailing());
        }
        return lines;
    }

    private static int binOf(long millis) {
        int bin = 0;
        while (millis >= BOUNDS_MILLIS[bin] && bin < BOUNDS_MILLIS.length - 1) {
            bin++;
        }
        return bin;
    }
}
