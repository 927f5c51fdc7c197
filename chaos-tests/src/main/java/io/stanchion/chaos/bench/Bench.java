package io.stanchion.chaos.bench;

import io.stanchion.chaos.cluster.ClusterException;
import io.stanchion.chaos.cluster.ClusterPlan;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stanchion bench}: measures three real nodes and the load on one machine. */
@Command(
        name = "bench",
        description = "Measures a cluster of three processes on this machine: rates, latencies, the pause after a kill,"
                + " memory and start-up.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Bench implements Callable<Integer> {
    /** What can be measured. */
    enum Part {
        STARTUP,
        PUBLISH,
        LATENCY,
        MEMORY,
        KILL,
        ROLLING
    }

    /** Whose gateway the load goes through. */
    enum Through {
        LEADER,
        FOLLOWER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int[] PAYLOADS = {128, 1024};
    private static final int[] CONNECTIONS = {1, 10};
    private static final Duration REST = Duration.ofSeconds(3);

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--only", split = ",", paramLabel = "PART", description = "Any of ${COMPLETION-CANDIDATES}.")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Option(names = "--warm-up", paramLabel = "S", description = "Seconds before each measurement (${DEFAULT-VALUE}).")
    private int warmUpSeconds = 30;

    @Option(names = "--seconds", paramLabel = "S", description = "Seconds per measurement (${DEFAULT-VALUE}).")
    private int seconds = 20;

    @Option(names = "--kills", paramLabel = "N", description = "How often the leader is killed (${DEFAULT-VALUE}).")
    private int kills = 10;

    @Option(names = "--rolls", paramLabel = "N", description = "How often all nodes are restarted (${DEFAULT-VALUE}).")
    private int rolls = 1;

    @Option(names = "--starts", paramLabel = "N", description = "How often a node is started (${DEFAULT-VALUE}).")
    private int starts = 5;

    @Option(
            names = "--through",
            paramLabel = "WHO",
            description = "Whose gateway the load goes through: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Through through = Through.LEADER;

    @Option(names = "--encrypt", description = "The nodes of the cluster encrypt their data.")
    private boolean isEncrypted;

    @Override
    public Integer call() throws Exception {
        CommandLine commandLine = commandLine();
        BenchTable out = new BenchTable(commandLine.getOut());
        out.title("stanchion bench "
                + String.join(" ", commandLine.getParseResult().originalArgs()));
        out.row(
                "machine",
                Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                        + System.getProperty("os.version"));
        try {
            if (parts.contains(Part.STARTUP)) {
                measureStartUp(out);
            }
            if (!Collections.disjoint(parts, EnumSet.complementOf(EnumSet.of(Part.STARTUP)))) {
                measureCluster(out);
            }
            return 0;
        } catch (ClusterException e) {
            commandLine.getErr().println("stanchion bench: " + e.getMessage());
            return 2;
        }
    }

    private void measureCluster(BenchTable out) throws Exception {
        ClusterPlan plain = ClusterPlan.ofSize(ProcessCluster.newFolder("stanchion-bench-"), 3);
        ClusterPlan plan =
                isEncrypted ? plain.withStreamingSettings("encryption_key: \"known to all who read this\"") : plain;
        try (ProcessCluster cluster = ProcessCluster.start(plan)) {
            NodeProcess leader = cluster.awaitLeader(Duration.ofSeconds(30));
            NodeProcess gateway = through == Through.LEADER
                    ? leader
                    : cluster.followersOf(leader).get(0);
            BenchTarget target = new BenchTarget(cluster, gateway);
            if (parts.contains(Part.MEMORY)) {
                memory(out, cluster, "idle");
            }
            if (parts.contains(Part.PUBLISH)) {
                measurePublishing(out, target);
            }
            if (parts.contains(Part.LATENCY)) {
                measureLatency(out, target);
            }
            if (parts.contains(Part.MEMORY)) {
                memory(out, cluster, "after the load");
            }
            if (parts.contains(Part.KILL)) {
                measureKills(out, cluster);
            }
            if (parts.contains(Part.ROLLING)) {
                measureRollingRestarts(out, cluster, target);
            }
        }
    }

    private void measureStartUp(BenchTable out) {
        out.title("start-up of a single node, data present, " + starts + " starts: median (slowest)");
        StartUp[] all = StartUp.measure(starts);
        out.row("exec to first accepted connection", medianAndWorst(all, StartUp::acceptMillis));
        out.row("exec to first streaming session", medianAndWorst(all, StartUp::sessionMillis));
    }

    private void measurePublishing(BenchTable out, BenchTarget target) throws Exception {
        out.title("asynchronous publishing through the " + through + ", acknowledged messages");
        for (PublishRate.Client client : PublishRate.Client.values()) {
            for (int payload : PAYLOADS) {
                for (int connections : CONNECTIONS) {
                    double rate = PublishRate.measure(target, client, connections, payload, warmUp(), run());
                    out.row(
                            String.format(
                                    Locale.ROOT,
                                    "%d B, %d connection%s, %s client",
                                    payload,
                                    connections,
                                    connections == 1 ? "" : "s",
                                    client.name().toLowerCase(Locale.ROOT)),
                            BenchTable.perSecond(rate));
                }
            }
        }
    }

    private void measureLatency(BenchTable out, BenchTarget target) throws Exception {
        out.title("one publisher, one message at a time, 128 B, through the " + through);
        out.row("java client", percentiles(SyncLatency.ofJavaClient(target, PAYLOADS[0], warmUp(), run())));
        out.row("raw client", percentiles(SyncLatency.ofRawClient(target, PAYLOADS[0], warmUp(), run())));
    }

    private void measureKills(BenchTable out, ProcessCluster cluster) throws Exception {
        out.title("SIGKILL of the leader to the first acknowledgement of a message published after it, " + kills
                + " kills");
        List<Double> pauses = new ArrayList<>();
        for (int round = 0; round < kills; round++) {
            pauses.add(new KillToAck(cluster).killOnce(round));
        }
        Collections.sort(pauses);
        out.row("median", BenchTable.millis(pauses.get(pauses.size() / 2)));
        out.row("longest", BenchTable.millis(pauses.get(pauses.size() - 1)));
    }

    private void measureRollingRestarts(BenchTable out, ProcessCluster cluster, BenchTarget target) throws Exception {
        out.title("each node restarted in turn, " + rolls + " times, one publisher with default options at each");
        for (int roll = 0; roll < rolls; roll++) {
            RollingRestarts restarts = new RollingRestarts(cluster, target);
            for (RollingRestarts.Step step : restarts.run(REST)) {
                out.row("restart", step.toString());
            }
            Histogram micros = restarts.micros();
            out.row(
                    "publish to acknowledgement",
                    percentiles(micros) + "   p99.9 " + BenchTable.millis(micros.getValueAtPercentile(99.9) / 1000.0));
            out.row(
                    "errors",
                    restarts.errors().isEmpty() ? "0" : restarts.errors().size() + ": " + restarts.errors());
        }
    }

    private static void memory(BenchTable out, ProcessCluster cluster, String when) {
        out.title("resident memory, " + when);
        for (NodeProcess node : cluster.nodes()) {
            out.row(
                    "node " + node.id() + (node.monitor().isLeader() ? " (leader)" : ""),
                    Memory.residentMebibytes(node.pid()) + " MiB");
        }
    }

    private static String percentiles(Histogram micros) {
        return String.format(
                Locale.ROOT,
                "p50 %s   p99 %s   max %s   (%d messages)",
                BenchTable.millis(micros.getValueAtPercentile(50) / 1000.0),
                BenchTable.millis(micros.getValueAtPercentile(99) / 1000.0),
                BenchTable.millis(micros.getMaxValue() / 1000.0),
                micros.getTotalCount());
    }

    private static String medianAndWorst(StartUp[] all, ToDoubleFunction<StartUp> value) {
        double[] sorted = Arrays.stream(all).mapToDouble(value).sorted().toArray();
        return String.format(Locale.ROOT, "%.0f ms (%.0f)", sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }

    private Duration warmUp() {
        return Duration.ofSeconds(warmUpSeconds);
    }

    private Duration run() {
        return Duration.ofSeconds(seconds);
    }

    private CommandLine commandLine() {
        if (spec == null) {
            throw new IllegalStateException("run through picocli");
        }
        return spec.commandLine();
    }
}
