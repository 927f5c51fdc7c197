package io.stanchion.chaos.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stanchion chaos sum}: one report over what several runs have left in their folders. */
@Command(
        name = "sum",
        description = "Writes one report over the rounds of several runs.",
        mixinStandardHelpOptions = true)
final class ChaosSum implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "DIR", description = "What the runs were given as --report.")
    private List<Path> folders = List.of();

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "Where the report goes.")
    private Path target = Path.of("");

    @Override
    public Integer call() throws IOException {
        Ledger ledger = Ledger.sum(folders);
        Report report = new Report(ledger.tallies(), ledger.skipped(), List.of());
        Files.write(target, report.lines());
        return report.passed() ? 0 : 1;
    }
}
