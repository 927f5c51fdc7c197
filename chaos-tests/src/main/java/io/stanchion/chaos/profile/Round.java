package io.stanchion.chaos.profile;

import com.fasterxml.jackson.databind.JsonNode;
import io.stanchion.chaos.checker.Checkers;
import io.stanchion.chaos.checker.Ending;
import io.stanchion.chaos.checker.Finding;
import io.stanchion.chaos.checker.NodeStore;
import io.stanchion.chaos.checker.ReplicaStatement;
import io.stanchion.chaos.checker.Trial;
import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.ClusterException;
import io.stanchion.chaos.cluster.NodeException;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.History;
import io.stanchion.chaos.history.HistoryWriter;
import io.stanchion.chaos.history.Phase;
import io.stanchion.chaos.nemesis.Nemesis;
import io.stanchion.chaos.workload.ClientPlan;
import io.stanchion.chaos.workload.ClientProcess;
import io.stanchion.chaos.workload.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** One kind of fault on one cluster of its own: start, load, strikes, rest, judgement. */
final class Round {
    private static final Duration REST_LIMIT = Duration.ofSeconds(60);
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Duration BETWEEN_STRIKES = Duration.ofSeconds(2);
    private static final Duration NO_TIME = Duration.ZERO;

    private final Nemesis nemesis;
    private final RoundSettings settings;
    private final List<ClientProcess> clients = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<ReplicaStatement> replicas = new ArrayList<>();
    private final long beginNanos = System.nanoTime();
    private long askedMillis;
    private long doneMillis;

    Round(Nemesis nemesis, RoundSettings settings) {
        this.nemesis = nemesis;
        this.settings = settings;
    }

    /** Leaves the histories in the folder of the settings, and the logs of the nodes beside them. */
    Verdict play() throws IOException, InterruptedException {
        Files.createDirectories(settings.folder());
        try (HistoryWriter history = new HistoryWriter(settings.folder().resolve("judge" + History.SUFFIX), "judge");
                ProcessCluster cluster =
                        ProcessCluster.startFor(nemesis.needs().andSettings(Limits.OF_WORKLOAD.toConfig()))) {
            try {
                strikeUnderLoad(cluster, history);
                comeToRest(cluster);
            } catch (ClusterException e) {
                findings.add(Breakdown.finding(e));
            } finally {
                for (ClientProcess client : clients) {
                    client.close();
                }
                for (NodeProcess node : cluster.nodes()) {
                    keepLog(node);
                }
            }
            return judge(findings.isEmpty() ? readStores(cluster) : List.of());
        }
    }

    private void strikeUnderLoad(ProcessCluster cluster, HistoryWriter history)
            throws IOException, InterruptedException {
        Random random = new Random(settings.seed());
        startClients(cluster, random);
        long end = System.nanoTime() + settings.time().toNanos();
        pass(BETWEEN_STRIKES);
        sample(cluster, history);
        weighHeaps(cluster, history);
        do {
            sample(cluster, history);
            Breakdown.strike(
                    nemesis.name(),
                    () -> nemesis.strike(
                            cluster,
                            random,
                            what -> history.append(
                                    history.event(Phase.INFO, Action.FAULT, 0).saying(what))));
            cluster.awaitReady(settings.readyMax());
            history.append(history.event(Phase.INFO, Action.FAULT, 0).saying(Pauses.HEALED));
            pass(BETWEEN_STRIKES);
        } while (System.nanoTime() - end < 0);
        sample(cluster, history);
        weighHeaps(cluster, history);
    }

    private void startClients(ProcessCluster cluster, Random random) throws IOException, InterruptedException {
        for (int i = 0; i < ClientPlan.PROCESSES; i++) {
            NodeProcess preferred = cluster.nodes().get(i % cluster.nodes().size());
            clients.add(ClientProcess.start(new ClientPlan(
                    i,
                    cluster.clusterId(),
                    cluster.urlsFrom(preferred),
                    settings.folder().resolve("client-" + i + History.SUFFIX),
                    random.nextLong(),
                    settings.perSecond() / ClientPlan.PROCESSES,
                    settings.clientPatienceSeconds())));
        }
        for (ClientProcess client : clients) {
            client.awaitAnswer("ready", settings.readyMax());
        }
    }

    /** Writers finish, then subscribers; then the nodes are equal, and one client dies without a word. */
    private void comeToRest(ProcessCluster cluster) throws IOException, InterruptedException {
        for (ClientProcess client : clients) {
            client.tellToStop();
        }
        for (ClientProcess client : clients) {
            client.awaitAnswer("stopped", settings.readyMax());
        }
        Stillness stillness = new Stillness(settings.folder(), REST_NANOS);
        if (!Await.tryUntil(REST_LIMIT, stillness::isReached)) {
            findings.add(new Finding(
                    "rest", "deliveries went on for a minute after the last publish was answered", List.of()));
        }
        boolean areEven = Await.tryUntil(
                settings.readyMax(),
                () -> cluster.nodes().stream()
                                .mapToLong(node -> node.monitor().storedMessages())
                                .distinct()
                                .count()
                        == 1);
        if (!areEven) {
            throw new NodeException("the nodes don't come to hold the same number of messages");
        }
        hearReplicas(cluster);
        clients.get(new Random(settings.seed()).nextInt(clients.size())).kill();
    }

    /** They compare themselves every few seconds, as long as anything changes. */
    private void hearReplicas(ProcessCluster cluster) {
        boolean areCompared = Await.tryUntil(settings.readyMax(), () -> {
            replicas.clear();
            cluster.nodes().forEach(node -> replicas.add(statementOf(node)));
            return replicas.stream().allMatch(replica -> replica.equalIndex() > 0)
                    && replicas.stream()
                                    .map(ReplicaStatement::equalIndex)
                                    .distinct()
                                    .count()
                            == 1;
        });
        if (!areCompared) {
            findings.add(new Finding("rest", "the nodes were not compared with each other: " + replicas, List.of()));
        }
    }

    private static ReplicaStatement statementOf(NodeProcess node) {
        JsonNode said = node.monitor().tryReplicas();
        return said == null
                ? new ReplicaStatement(node.id(), 0, "", 0)
                : new ReplicaStatement(
                        node.id(),
                        said.path("equal_index").asLong(),
                        said.path("digest").asText(),
                        said.path("mismatches").asLong());
    }

    private List<NodeStore> readStores(ProcessCluster cluster) throws IOException {
        List<NodeStore> stores = new ArrayList<>();
        askedMillis = System.currentTimeMillis();
        for (NodeProcess node : cluster.nodes()) {
            int status = node.terminate(Duration.ofSeconds(30));
            if (status != 0) {
                findings.add(new Finding(
                        Breakdown.NODE,
                        "node " + node.id() + " ended with status " + status + " after SIGTERM",
                        List.of()));
            }
        }
        doneMillis = System.currentTimeMillis();
        for (NodeProcess node : cluster.nodes()) {
            stores.add(NodeStore.read(node.id(), node.dataDirectory()));
        }
        return stores;
    }

    private Verdict judge(List<NodeStore> stores) throws IOException {
        Trial trial = Trial.of(
                History.read(settings.folder()),
                stores,
                replicas,
                new Ending(askedMillis, doneMillis, !nemesis.movesClocks()),
                nemesis.promise(),
                Limits.OF_WORKLOAD,
                settings.pauseMax());
        findings.addAll(Checkers.check(trial));
        return Verdict.of(nemesis.name(), settings, trial, findings, (System.nanoTime() - beginNanos) / 1_000_000_000);
    }

    private void keepLog(NodeProcess node) throws IOException {
        if (Files.exists(node.logFile())) {
            Files.copy(
                    node.logFile(),
                    settings.folder().resolve("node-" + node.id() + ".log"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void sample(ProcessCluster cluster, HistoryWriter history) {
        cluster.nodes().stream()
                .filter(NodeProcess::isAlive)
                .forEach(node -> history.append(NodeSample.take(history.event(Phase.INFO, Action.SAMPLE, 0), node)));
    }

    private static void weighHeaps(ProcessCluster cluster, HistoryWriter history) {
        for (NodeProcess node : cluster.nodes()) {
            NodeSample.heapBytes(node)
                    .ifPresent(bytes -> history.append(history.event(Phase.INFO, Action.HEAP, 0)
                            .on("", node.id())
                            .stored(Event.NONE, bytes, false)));
        }
    }

    /** Time for the clients; nothing that we could wait for happens. */
    private static void pass(Duration time) {
        if (time.compareTo(NO_TIME) > 0) {
            Await.tryUntil(time, () -> false);
        }
    }
}
