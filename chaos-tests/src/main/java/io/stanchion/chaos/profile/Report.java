package io.stanchion.chaos.profile;

import io.stanchion.chaos.checker.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Verdicts as a page that a person reads. */
final class Report {
    private static final long[] BOUNDS_MILLIS = {50, 100, 200, 500, 1000, 2000, 5000, 10_000, Long.MAX_VALUE};
    private static final int BAR_MAX = 50;
    private static final int FINDINGS_MAX = 10;

    private final List<Verdict> verdicts;
    private final Map<String, String> skipped;

    /** @param skipped reasons by the name of the nemesis */
    Report(List<Verdict> verdicts, Map<String, String> skipped) {
        this.verdicts = List.copyOf(verdicts);
        this.skipped = Map.copyOf(skipped);
    }

    boolean passed() {
        return !verdicts.isEmpty() && verdicts.stream().allMatch(Verdict::passed);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("# Chaos report: " + (passed() ? "nothing found" : "FAILED"));
        lines.add("");
        lines.add("| nemesis | seed | strikes' log lines | published | acknowledged | unknown | refused | delivered"
                + " | redelivered | findings |");
        lines.add("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        verdicts.forEach(verdict -> lines.add(row(verdict)));
        lines.add("");
        lines.add("All rounds together: " + sum(Verdict.Counts::published) + " published, "
                + sum(Verdict.Counts::acknowledged) + " acknowledged, " + sum(Verdict.Counts::unknown) + " unknown, "
                + findings("lost-messages") + " lost, " + findings("duplicate-messages") + " duplicated.");
        addHistogram(lines);
        lines.add("");
        lines.add("Skipped: " + skipped.size());
        skipped.forEach((name, reason) -> lines.add("- " + name + ": " + reason));
        verdicts.stream().filter(verdict -> !verdict.passed()).forEach(verdict -> addFailure(verdict, lines));
        return lines;
    }

    private static String row(Verdict verdict) {
        Verdict.Counts counts = verdict.counts();
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %d |",
                verdict.nemesis(),
                verdict.settings().seed(),
                verdict.faults().size(),
                counts.published(),
                counts.acknowledged(),
                counts.unknown(),
                counts.refused(),
                counts.delivered(),
                counts.redelivered(),
                verdict.findings().size());
    }

    private long sum(ToLongFunction<Verdict.Counts> part) {
        return verdicts.stream().map(Verdict::counts).mapToLong(part).sum();
    }

    private long findings(String checker) {
        return verdicts.stream()
                .flatMap(verdict -> verdict.findings().stream())
                .filter(finding -> finding.checker().equals(checker))
                .count();
    }

    private void addHistogram(List<String> lines) {
        long[] counts = new long[BOUNDS_MILLIS.length];
        verdicts.stream().flatMap(verdict -> verdict.pausesMillis().stream()).forEach(pause -> counts[binOf(pause)]++);
        long most = 1;
        for (long count : counts) {
            most = Math.max(most, count);
        }
        lines.add("");
        lines.add("Longest time without a publish acknowledgement after each thing that was done to the cluster:");
        lines.add("");
        for (int i = 0; i < counts.length; i++) {
            String name = i == counts.length - 1 ? "more" : "< " + BOUNDS_MILLIS[i] + " ms";
            String bar = "#".repeat((int) ((counts[i] * BAR_MAX + most - 1) / most));
            lines.add(String.format(Locale.ROOT, "    %-10s %5d  %s", name, counts[i], bar));
        }
    }

    private static int binOf(long millis) {
        int bin = 0;
        while (millis >= BOUNDS_MILLIS[bin] && bin < BOUNDS_MILLIS.length - 1) {
            bin++;
        }
        return bin;
    }

    private static void addFailure(Verdict verdict, List<String> lines) {
        lines.add("");
        lines.add("## " + verdict.nemesis() + ", seed " + verdict.settings().seed());
        lines.add("");
        lines.add("Repeat: `deploy/bin/stanchion chaos one " + verdict.nemesis() + " --seed "
                + verdict.settings().seed() + " --time "
                + verdict.settings().time().toSeconds() + "`");
        lines.add("Histories and logs: " + verdict.settings().folder());
        List<Finding> findings = verdict.findings();
        for (int i = 0; i < Math.min(findings.size(), FINDINGS_MAX); i++) {
            lines.add("");
            lines.add(
                    "**" + findings.get(i).checker() + "**: " + findings.get(i).what());
            lines.add("");
            verdict.windows().get(i).forEach(line -> lines.add("    " + line));
        }
        if (findings.size() > FINDINGS_MAX) {
            lines.add("");
            lines.add("... and " + (findings.size() - FINDINGS_MAX) + " more");
        }
    }
}
