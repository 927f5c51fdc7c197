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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Chaos implements Callable<Integer> {
    private static final int NOT_TRIED = 2;

    /** What to run. */
    enum Profile {
        /** As many nemeses as go into the time, beginning where the seed says; one round each. */
        CI(Duration.ofMinutes(3), Duration.ofSeconds(8)),
        /** All nemeses in an order that the seed decides, again and again. */
        LONG(Duration.ofHours(2), Duration.ofSeconds(40)),
        /** One nemesis, one round. */
        ONE(Duration.ofSeconds(20), Duration.ofSeconds(20));

        private final Duration time;
        private final Duration roundTime;

        Profile(Duration time, Duration roundTime) {
            this.time = time;
            this.roundTime = roundTime;
        }
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PROFILE", description = "One of ${COMPLETION-CANDIDATES}.")
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
            names = "--report",
            paramLabel = "DIR",
            description = "Where the report goes, and what belongs to failures.")
    private Path folder = Path.of("chaos-report");

    private final List<Verdict> verdicts = new ArrayList<>();
    private final Map<String, String> skipped = new TreeMap<>();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = commandLine().getOut();
        try {
            play(out);
            Report report = new Report(verdicts, skipped);
            Files.createDirectories(folder);
            Files.write(folder.resolve("report.md"), report.lines());
            report.lines().forEach(out::println);
            out.flush();
            return report.passed() ? 0 : 1;
        } catch (ClusterException | IOException e) {
            commandLine().getErr().println("stanchion chaos: " + e.getMessage());
            return NOT_TRIED;
        }
    }

    private void play(PrintWriter out) throws IOException, InterruptedException {
        List<Nemesis> able = able();
        Random random = new Random(seed);
        Collections.shuffle(able, random);
        Duration time = seconds > 0 ? Duration.ofSeconds(seconds) : profile.time;
        long end = System.nanoTime() + time.toNanos();
        long longest = 0; // a round that would not end in time is not begun
        for (int i = 0; i < able.size() || profile == Profile.LONG; i++) {
            long begin = System.nanoTime();
            if (i > 0 && begin + longest - end > 0) {
                able.subList(Math.min(i, able.size()), able.size())
                        .forEach(late -> skipped.put(late.name(), "not this time: the profile's time was over"));
                return;
            }
            Nemesis nemesis = able.get(i % able.size());
            long roundSeed = profile == Profile.ONE ? seed : random.nextInt(1, Integer.MAX_VALUE);
            Duration roundTime = profile == Profile.ONE ? time : profile.roundTime;
            playRound(nemesis, roundSeed, roundTime, out);
            longest = Math.max(longest, System.nanoTime() - begin);
        }
    }

    private void playRound(Nemesis nemesis, long roundSeed, Duration roundTime, PrintWriter out)
            throws IOException, InterruptedException {
        Path roundFolder = folder.resolve(nemesis.name() + "-" + roundSeed).toAbsolutePath();
        clear(roundFolder);
        out.print(nemesis.name() + " --seed " + roundSeed + " ... ");
        out.flush();
        Verdict verdict = new Round(nemesis, new RoundSettings(roundSeed, roundTime, rate, roundFolder)).play();
        out.println(verdict.passed() ? "nothing found" : verdict.findings().size() + " findings");
        out.flush();
        verdicts.add(verdict);
        if (verdict.passed() && profile != Profile.ONE) {
            clear(roundFolder);
        }
    }

    private static void clear(Path roundFolder) throws IOException {
        if (Files.exists(roundFolder)) {
            Folders.delete(roundFolder);
        }
    }

    private List<Nemesis> able() {
        List<Nemesis> wanted = profile == Profile.ONE
                ? List.of(Nemeses.named(nemesisName)
                        .orElseThrow(() -> new ClusterException("there is no nemesis \"" + nemesisName + "\", only "
                                + Nemeses.all().stream().map(Nemesis::name).toList())))
                : Nemeses.all();
        List<Nemesis> able = new ArrayList<>();
        for (Nemesis nemesis : wanted) {
            nemesis.obstacle().ifPresentOrElse(why -> skipped.put(nemesis.name(), why), () -> able.add(nemesis));
        }
        if (able.isEmpty()) {
            throw new ClusterException("this machine can do none of it: " + skipped);
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
