package io.stanchion.chaos.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table of all rounds that were played into one folder, by this run and by those before it; a run that is killed loses nothing. */
final class Ledger {
    private static final String ROUNDS = "rounds.tsv";
    private static final String SKIPPED = "skipped.tsv";

    private final Path folder;
    private final List<Tally> tallies = new ArrayList<>();
    private final Map<String, String> skipped = new TreeMap<>();

    private Ledger(Path folder) {
        this.folder = folder;
    }

    /** With what is there already. */
    static Ledger open(Path folder) throws IOException {
        Files.createDirectories(folder);
        Ledger ledger = new Ledger(folder);
        ledger.read(folder);
        return ledger;
    }

    /** With nothing. */
    static Ledger begin(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(ROUNDS));
        Files.deleteIfExists(folder.resolve(SKIPPED));
        return open(folder);
    }

    /** Everything in these folders. */
    static Ledger sum(List<Path> folders) throws IOException {
        Ledger ledger = new Ledger(folders.get(0));
        for (Path one : folders) {
            ledger.read(one);
        }
        return ledger;
    }

    private void read(Path from) throws IOException {
        for (String line : lines(from.resolve(ROUNDS))) {
            tallies.add(Tally.parse(line));
        }
        for (String line : lines(from.resolve(SKIPPED))) {
            int tab = line.indexOf('\t');
            skipped.put(line.substring(0, tab), line.substring(tab + 1));
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    void add(Tally tally) throws IOException {
        tallies.add(tally);
        append(ROUNDS, tally.toLine());
    }

    void skip(String nemesis, String reason) throws IOException {
        if (!reason.equals(skipped.put(nemesis, reason))) {
            append(SKIPPED, nemesis + "\t" + reason.replace('\n', ' '));
        }
    }

    private void append(String file, String line) throws IOException {
        Files.write(folder.resolve(file), List.of(line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    List<Tally> tallies() {
        return List.copyOf(tallies);
    }

    /** Reasons by the name of the nemesis, without those that had their turn after all. */
    Map<String, String> skipped() {
        Map<String, String> left = new TreeMap<>(skipped);
        tallies.forEach(tally -> left.remove(tally.nemesis()));
        return left;
    }

    long roundsOf(String nemesis) {
        return tallies.stream().filter(tally -> tally.nemesis().equals(nemesis)).count();
    }
}
