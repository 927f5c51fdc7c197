package io.stanchion.chaos.demo;

import io.stanchion.chaos.workload.DeliveryRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the demo found, and whether that is good.
 *
 * @param lost acknowledged messages that at least one subscriber never saw
 * @param caughtUp whether the node that was killed ended with the same messages as the others
 */
record DemoReport(
        int published,
        int acknowledged,
        int failed,
        List<String> failures,
        List<DeliveryRecord.Tally> deliveries,
        int lost,
        long longestPauseMillis,
        boolean caughtUp,
        int reopenedSessions) {
    DemoReport {
        failures = List.copyOf(failures);
        deliveries = List.copyOf(deliveries);
    }

    boolean passed() {
        return lost == 0 && failed == 0 && acknowledged == published && orderHeld() && caughtUp;
    }

    boolean orderHeld() {
        return deliveries.stream().allMatch(DeliveryRecord.Tally::orderHeld);
    }

    List<String> summary(Screen screen) {
        List<String> lines = new ArrayList<>();
        lines.add(screen.strong("Summary"));
        lines.add(row("published", number(published)));
        lines.add(row(
                "acknowledged", number(acknowledged) + (failed == 0 ? "" : screen.bad("   " + failed + " failed"))));
        lines.add(row("delivered", delivered()));
        lines.add(row("lost", lost == 0 ? screen.good("0") : screen.bad(number(lost))));
        lines.add(row("duplicated", duplicated()));
        lines.add(row("order", orderHeld() ? screen.good("held") : screen.bad("broken")));
        lines.add(row(
                "longest pause",
                String.format(Locale.ROOT, "%.2f s", longestPauseMillis / 1000.0) + " between two acknowledgements"));
        lines.add(row("killed node", caughtUp ? screen.good("caught up") : screen.bad("did not catch up")));
        if (reopenedSessions > 0) {
            lines.add(row("sessions", reopenedSessions + " had to be opened again"));
        }
        failures.forEach(failure -> lines.add("  " + screen.bad(failure)));
        deliveries.forEach(tally -> tally.violations().forEach(what -> lines.add("  " + screen.bad(what))));
        return lines;
    }

    private String delivered() {
        int least = deliveries.stream()
                .mapToInt(DeliveryRecord.Tally::distinct)
                .min()
                .orElse(0);
        int most = deliveries.stream()
                .mapToInt(DeliveryRecord.Tally::distinct)
                .max()
                .orElse(0);
        String each = least == most ? number(least) : number(least) + " to " + number(most);
        return each + " to each of " + deliveries.size() + " subscribers";
    }

    private String duplicated() {
        int all = deliveries.stream().mapToInt(DeliveryRecord.Tally::duplicates).sum();
        int flagged = deliveries.stream()
                .mapToInt(DeliveryRecord.Tally::flaggedDuplicates)
                .sum();
        if (all == 0) {
            return "0";
        }
        return number(all) + (all == flagged ? ", all" : ", " + number(flagged) + " of them")
                + " flagged as redelivered";
    }

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value).replace(',', ' ');
    }

    private static String row(String name, String value) {
        return String.format(Locale.ROOT, "  %-14s %s", name, value);
    }
}
