package io.stanchion.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.StreamingConnection;
import io.nats.streaming.SubscriptionOptions;
import io.stanchion.chaos.workload.StreamingSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting and stopping, as a service manager does it: by signals, judged by exit status and by what is on stderr. */
class LifecycleIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void shouldStopWithStatusZeroAndFindItsMessagesAgain() throws Exception {
        try (ProcessCluster single = ProcessCluster.startOfSize(1)) {
            NodeProcess node = single.nodes().get(0);
            try (StreamingSession session = open(single, node)) {
                for (int i = 0; i < 100; i++) {
                    session.streaming().publish("orders", Integer.toString(i).getBytes(StandardCharsets.UTF_8));
                }
            }
            assertThat(node.terminate(LIMIT)).isZero();

            node.start();
            node.awaitReady(LIMIT);
            try (StreamingSession session = open(single, node)) {
                assertThat(firstHundred(session.streaming())).hasSize(100).startsWith("0", "1");
            }
            assertThat(node.terminate(LIMIT)).isZero();
        }
    }

    @Test
    void shouldHandLeadershipOverBeforeItStops() throws Exception {
        try (ProcessCluster cluster = ProcessCluster.startOfSize(3)) {
            NodeProcess leader = cluster.awaitLeader(LIMIT);

            assertThat(leader.terminate(LIMIT)).isZero();

            assertThat(cluster.tryLeader())
                    .as("the leader as soon as the old one is gone")
                    .isNotNull();
            assertThat(Files.readString(leader.logFile()))
                    .doesNotContain("could not hand leadership over")
                    .doesNotContain("[ERR]");
        }
    }

    @Test
    void shouldSayInOneLineWhyItDoesNotStart() throws Exception {
        Path config = Files.writeString(
                folder.resolve("bad.conf"), "port: 4222\nstreaming {\n  store_limits { max_chanels: 5 }\n}\n");

        assertThat(refusal("-c", config.toString()))
                .contains("bad.conf:3", "max_chanels", "did you mean max_channels?");
        assertThat(refusal("-prot", "4222")).contains("-prot");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(refusal(
                            "-a",
                            "127.0.0.1",
                            "-p",
                            port,
                            "-dir",
                            folder.resolve("data").toString()))
                    .contains("127.0.0.1:" + port);
        }
    }

    private static String refusal(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Installation.launcher().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).start();
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("ended")
                    .isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            List<String> lines =
                    said.lines().filter(line -> !line.contains("[INF]")).toList();
            assertThat(lines).hasSize(1);
            return lines.get(0);
        } finally {
            process.destroyForcibly();
        }
    }

    private static StreamingSession open(ProcessCluster cluster, NodeProcess node)
            throws IOException, InterruptedException {
        return StreamingSession.open(cluster.clusterId(), "client", cluster.urlsFrom(node), LIMIT);
    }

    private static Queue<String> firstHundred(StreamingConnection connection) throws Exception {
        Queue<String> received = new ConcurrentLinkedQueue<>();
        connection.subscribe(
                "orders",
                message -> received.add(new String(message.getData(), StandardCharsets.UTF_8)),
                new SubscriptionOptions.Builder().deliverAllAvailable().build());
        await().atMost(LIMIT).until(() -> received.size() >= 100);
        return received;
    }
}
