package io.stanchion.chaos.profile;

import io.stanchion.chaos.cluster.ClusterException;
import io.stanchion.chaos.cluster.Folders;
import io.stanchion.chaos.nemesis.Nemeses;
import io.stanchion.chaos.nemesis.Nemesis;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stanchion chaos}. Exit status 0: nothing found; 1: something was; 2: it could not be tried. */
@Command(
        name = "chaos",
        description = "Breaks a cluster of real processes on this machine under load, and judges what clients saw and"
                + " what is on the disks.",
        subcommands = ChaosSum.class,
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Chaos implements Callable<Integer> {
    private static final int NOT_TRIED = 2;

    /** What to run. */
    enum Profile {
        /** As many nemeses as go into the time, beginning where the seed says; one round each. Bears with a machine that is busy. */
        CI(Duration.ofMinutes(2), Duration.ofSeconds(8), Duration.ofSeconds(20)),
        /** All nemeses in an order that the seed decides, again and again; goes on where an earlier run into the same folder ended. */
        LONG(Duration.ofHours(2), Duration.ofSeconds(40), Duration.ofSeconds(10)),
        /** One nemesis, one round. */
        ONE(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(10));

        private final Duration time;
        private final Duration roundTime;
        private final Duration pauseMax;

        Profile(Duration time, Duration roundTime, Duration pauseMax) {
            this.time = time;
            this.roundTime = roundTime;
            this.pauseMax = pauseMax;
        }
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PROFILE",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Profile profile = Profile.CI;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NEMESIS", description = "For profile one.")
    private String nemesisName = "";

    @Option(names = "--seed", paramLabel = "N", description = "Decides everything that is random on our side.")
    private long seed = ThreadLocalRandom.current().nextLong(1, 1_000_000);

    @Option(names = "--time", paramLabel = "S", description = "How many seconds to go on.")
    private long seconds;

    @Option(names = "--rate", paramLabel = "N", description = "Publishes per second (default: ${DEFAULT-VALUE}).")
    private int rate = 300;

    @Option(
            names = "--patience",
            paramLabel = "S",
            description = "How many seconds a node may take to be ready (default: ${DEFAULT-VALUE}).")
    private long patienceSeconds = 120;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Where the report goes, and what belongs to failures.")
    private Path folder = Path.of("chaos-report");

    private final List<Verdict> failures = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = commandLine().getOut();
        try {
            Ledger ledger = profile == Profile.LONG ? Ledger.open(folder) : Ledger.begin(folder);
            play(ledger, out);
            Report report = new Report(ledger.tallies(), ledger.skipped(), failures);
            Files.write(folder.resolve("report.md"), report.lines());
            report.lines().forEach(out::println);
            out.flush();
            return report.passed() ? 0 : 1;
        } catch (ClusterException | IOException e) {
            commandLine().getErr().println("stanchion chaos: " + e.getMessage());
            return NOT_TRIED;
        }
    }

    private void play(Ledger ledger, PrintWriter out) throws IOException, InterruptedException {
        List<Nemesis> able = new ArrayList<>(Matrix.order(able(ledger), seed));
        able.sort(Comparator.comparingLong(nemesis -> ledger.roundsOf(nemesis.name()))); // stable: the order stays
        Random random = new Random(seed);
        Duration time = seconds > 0 ? Duration.ofSeconds(seconds) : profile.time;
        long end = System.nanoTime() + time.toNanos();
        long longest = 0; // a round that would not end in time is not begun
        for (int i = 0; i < able.size() || profile == Profile.LONG; i++) {
            long begin = System.nanoTime();
            if (i > 0 && begin + longest - end > 0) {
                for (Nemesis late : able.subList(Math.min(i, able.size()), able.size())) {
                    ledger.skip(late.name(), "not this time: the profile's time was over");
                }
                return;
            }
            Nemesis nemesis = able.get(i % able.size());
            long roundSeed = profile == Profile.ONE ? seed : random.nextInt(1, Integer.MAX_VALUE);
            Duration roundTime = profile == Profile.ONE ? time : profile.roundTime;
            ledger.add(playRound(nemesis, roundSeed, roundTime, out));
            longest = Math.max(longest, System.nanoTime() - begin);
        }
    }

    private Tally playRound(Nemesis nemesis, long roundSeed, Duration roundTime, PrintWriter out)
            throws IOException, InterruptedException {
        Path roundFolder = folder.resolve(nemesis.name() + "-" + roundSeed).toAbsolutePath();
        clear(roundFolder);
        out.print(nemesis.name() + " --seed " + roundSeed + " ... ");
        out.flush();
        RoundSettings settings = new RoundSettings(
                roundSeed, roundTime, rate, profile.pauseMax, Duration.ofSeconds(patienceSeconds), roundFolder);
        Verdict verdict = new Round(nemesis, settings).play();
        out.println(
                verdict.passed() ? "nothing found" : verdict.tally().findings().size() + " findings");
        out.flush();
        if (!verdict.passed()) {
            failures.add(verdict);
        } else if (profile != Profile.ONE) {
            clear(roundFolder);
        }
        return verdict.tally();
    }

    private static void clear(Path roundFolder) throws IOException {
        if (Files.exists(roundFolder)) {
            Folders.delete(roundFolder);
        }
    }

    private List<Nemesis> able(Ledger ledger) throws IOException {
        List<Nemesis> wanted = profile == Profile.ONE
                ? List.of(Nemeses.named(nemesisName)
                        .orElseThrow(() -> new ClusterException("there is no nemesis \"" + nemesisName + "\", only "
                                + Nemeses.all().stream().map(Nemesis::name).toList())))
                : Nemeses.all();
        List<Nemesis> able = new ArrayList<>();
        for (Nemesis nemesis : wanted) {
            Optional<String> obstacle = nemesis.obstacle();
            if (obstacle.isPresent()) {
                ledger.skip(nemesis.name(), obstacle.get());
            } else {
                able.add(nemesis);
            }
        }
        if (able.isEmpty()) {
            throw new ClusterException("this machine can do none of it: " + ledger.skipped());
        }
        return able;
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("run through picocli");
        }
        return spec.commandLine();
    }
}
