package io.stanchion.chaos.demo;

import io.stanchion.chaos.cluster.ClusterException;
import io.stanchion.chaos.cluster.ClusterPlan;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.Ports;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stanchion demo}: see {@link DemoRun} for what happens. Exit status 0: all is well; 1: it is not; 2: it could not be tried. */
@Command(
        name = "demo",
        description =
                "Starts three nodes on this machine, kills the leader while publishing, brings it back, and counts.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Demo implements Callable<Integer> {
    private static final int NODES = 3;
    private static final int NOT_TRIED = 2;
    private static final long DISK_BYTES_NEEDED = 500L << 20;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--ports",
            split = ",",
            paramLabel = "PORT",
            description = "Client ports (default: 4222,4223,4224).")
    private List<Integer> ports = List.of(4222, 4223, 4224);

    @Option(names = "--messages", paramLabel = "N", description = "How many messages to publish.")
    private int messages;

    @Option(names = "--seconds", paramLabel = "S", description = "How long to publish (default: ${DEFAULT-VALUE}).")
    private int seconds = 15;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Messages per second; 0 is as fast as it goes, with --messages (default: ${DEFAULT-VALUE}).")
    private int rate = 2000;

    @Option(names = "--size", paramLabel = "BYTES", description = "Payload size (default: ${DEFAULT-VALUE}).")
    private int size = 128;

    @Option(names = "--keep", description = "Leave the cluster running.")
    private boolean keep;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the payloads (default: a random one, printed).")
    private long seed = ThreadLocalRandom.current().nextLong(1, 1_000_000);

    @Override
    public Integer call() throws InterruptedException {
        Screen screen = new Screen(commandLine().getOut(), Screen.standardOutputIsTerminal());
        try {
            return play(screen);
        } catch (ClusterException | IOException e) {
            screen.line(screen.bad("stanchion demo: ") + e.getMessage());
            return NOT_TRIED;
        }
    }

    private int play(Screen screen) throws IOException, InterruptedException {
        checkArguments();
        checkPorts();
        Path folder = newFolder();
        try (ProcessCluster cluster = new ProcessCluster(ClusterPlan.onPorts(folder, ports))) {
            DemoReport report;
            try (DemoRun run = new DemoRun(settings(), cluster, screen)) {
                report = run.play();
            }
            screen.line("");
            report.summary(screen).forEach(screen::line);
            screen.line("");
            screen.line(
                    report.passed()
                            ? screen.good("PASSED") + "  nothing lost, no publish failed, order held"
                            : screen.bad("FAILED") + "  repeat with --seed " + seed);
            if (keep) {
                leaveRunning(cluster, screen);
            }
            return report.passed() ? 0 : 1;
        }
    }

    private DemoSettings settings() {
        int count = messages > 0 ? messages : Math.multiplyExact(seconds, rate);
        return new DemoSettings(ports, count, rate, size, keep, seed);
    }

    private void checkArguments() {
        if (ports.size() != NODES) {
            throw new ClusterException("--ports needs three ports, such as --ports 4222,4223,4224");
        }
        if (messages <= 0 && (rate <= 0 || seconds <= 0)) {
            throw new ClusterException("give --messages, or a --rate and --seconds above 0");
        }
    }

    private void checkPorts() {
        for (int port : ports) {
            if (!Ports.isFree(port)) {
                throw new ClusterException("port " + port
                        + " on 127.0.0.1 is taken; stop what listens there, or choose others with --ports");
            }
        }
    }

    private static Path newFolder() throws IOException {
        Path folder = ProcessCluster.newFolder("stanchion-demo-");
        long usable = Files.getFileStore(folder).getUsableSpace();
        if (usable < DISK_BYTES_NEEDED) {
            Files.delete(folder);
            throw new ClusterException("only " + (usable >> 20) + " MiB are free in " + folder.getParent()
                    + ", the demo needs 500; set java.io.tmpdir to a folder with more");
        }
        return folder;
    }

    private static void leaveRunning(ProcessCluster cluster, Screen screen) {
        cluster.keep();
        String urls = cluster.nodes().stream().map(NodeProcess::clientUrl).collect(Collectors.joining(","));
        String pids =
                cluster.nodes().stream().map(node -> Long.toString(node.pid())).collect(Collectors.joining(" "));
        screen.line("");
        screen.line("The cluster is still running.");
        screen.line("  connect to  " + urls + "   cluster ID " + cluster.clusterId());
        screen.line("  stop it     kill " + pids);
        screen.line("  its data    " + cluster.directory());
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("run through picocli");
        }
        return spec.commandLine();
    }
}
