package io.stanchion.chaos;

import io.stanchion.chaos.bench.Bench;
import io.stanchion.chaos.demo.Demo;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code stanchion demo} and {@code stanchion bench}. */
@Command(
        name = "stanchion",
        subcommands = {Demo.class, Bench.class},
        mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getErr());
        }
        return CommandLine.ExitCode.USAGE;
    }
}
