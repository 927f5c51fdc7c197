package io.stanchion.chaos.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Rounds as a page that a person reads. */
final class Report {
    private final List<Tally> tallies;
    private final Map<String, String> skipped;
    private final List<Verdict> verdicts;

    /**
     * @param skipped reasons by the name of the nemesis
     * @param verdicts of rounds whose findings are to be told in full
     */
    Report(List<Tally> tallies, Map<String, String> skipped, List<Verdict> verdicts) {
        this.tallies = List.copyOf(tallies);
        this.skipped = new TreeMap<>(skipped);
        this.verdicts = List.copyOf(verdicts);
    }

    boolean passed() {
        return !tallies.isEmpty()
                && tallies.stream().allMatch(tally -> tally.findings().isEmpty());
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("# Chaos report: " + (passed() ? "nothing found" : "FAILED"));
        lines.add("");
        lines.add(Circumstances.inWords());
        lines.add("");
        addTotals(lines);
        addNemeses(lines);
        addHistograms(lines);
        lines.add("");
        lines.add("Skipped: " + skipped.size());
        skipped.forEach((name, reason) -> lines.add("- " + name + ": " + reason));
        lines.add("");
        lines.add("Seeds: "
                + tallies.stream()
                        .map(tally -> tally.nemesis() + " " + tally.seed())
                        .collect(Collectors.joining(", ")));
        verdicts.stream().filter(verdict -> !verdict.passed()).forEach(verdict -> addFailure(verdict, lines));
        return lines;
    }

    private void addTotals(List<String> lines) {
        lines.add("| | |");
        lines.add("| --- | --- |");
        lines.add("| rounds | " + tallies.size() + " |");
        lines.add("| strikes | " + sum(Tally::strikes) + " |");
        lines.add(String.format(Locale.ROOT, "| time | %.1f min |", sum(Tally::seconds) / 60.0));
        lines.add("| published | " + sum(Tally::published) + " |");
        lines.add("| acknowledged | " + sum(Tally::acknowledged) + " |");
        lines.add("| unknown to the publisher | " + sum(Tally::unknown) + " |");
        lines.add("| refused | " + sum(Tally::refused) + " |");
        lines.add("| delivered | " + sum(Tally::delivered) + " |");
        lines.add("| of these again | " + sum(Tally::redelivered) + " |");
        lines.add("| findings of lost messages | " + sum(tally -> tally.findingsOf("lost-messages")) + " |");
        lines.add("| findings of duplicates | " + sum(tally -> tally.findingsOf("duplicate-messages")) + " |");
        lines.add("| findings of all kinds | " + sum(tally -> tally.findings().size()) + " |");
    }

    private void addNemeses(List<String> lines) {
        lines.add("");
        lines.add("| nemesis | rounds | strikes | published | acknowledged | unknown | refused | delivered | again"
                + " | pause, median ms | longest | findings |");
        lines.add("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        Map<String, List<Tally>> byNemesis =
                tallies.stream().collect(Collectors.groupingBy(Tally::nemesis, TreeMap::new, Collectors.toList()));
        byNemesis.forEach((nemesis, rounds) -> lines.add(row(nemesis, rounds)));
    }

    private static String row(String nemesis, List<Tally> rounds) {
        List<Long> pauses = rounds.stream()
                .flatMap(round -> round.pausesMillis().stream())
                .sorted()
                .toList();
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %s | %s | %d |",
                nemesis,
                rounds.size(),
                pauses.size(),
                sum(rounds, Tally::published),
                sum(rounds, Tally::acknowledged),
                sum(rounds, Tally::unknown),
                sum(rounds, Tally::refused),
                sum(rounds, Tally::delivered),
                sum(rounds, Tally::redelivered),
                pauses.isEmpty() ? "" : pauses.get(pauses.size() / 2),
                pauses.isEmpty() ? "" : pauses.get(pauses.size() - 1),
                sum(rounds, round -> round.findings().size()));
    }

    private long sum(ToLongFunction<Tally> part) {
        return sum(tallies, part);
    }

    private static long sum(List<Tally> rounds, ToLongFunction<Tally> part) {
        return rounds.stream().mapToLong(part).sum();
    }

    private void addHistograms(List<String> lines) {
        lines.add("");
        lines.add(
                "The longest time without a publish acknowledgement, from the first word of a strike until the cluster was"
                        + " whole again; strikes that left a majority:");
        lines.add("");
        lines.addAll(Histogram.of(pauses(true)));
        lines.add("");
        lines.add("Strikes that did not, or that slowed down what a majority needs:");
        lines.add("");
        lines.addAll(Histogram.of(pauses(false)));
    }

    private List<Long> pauses(boolean majorityKept) {
        return tallies.stream()
                .filter(tally -> tally.majorityKept() == majorityKept)
                .flatMap(tally -> tally.pausesMillis().stream())
                .toList();
    }

    private static void addFailure(Verdict verdict, List<String> lines) {
        RoundSettings settings = verdict.settings();
        String nemesis = verdict.tally().nemesis();
        lines.add("");
        lines.add("## " + nemesis + ", seed " + settings.seed());
        lines.add("");
        lines.add("Repeat: `deploy/bin/stanchion chaos one " + nemesis + " --seed " + settings.seed() + " --time "
                + settings.time().toSeconds() + "`");
        lines.add("Histories and logs: " + settings.folder());
        for (Verdict.Told told : verdict.told()) {
            lines.add("");
            lines.add("**" + told.finding().checker() + "**: " + told.finding().what());
            lines.add("");
            told.window().forEach(line -> lines.add("    " + line));
        }
        int left = verdict.tally().findings().size() - verdict.told().size();
        if (left > 0) {
            lines.add("");
            lines.add("... and " + left + " more");
        }
    }
}
