package io.stanchion.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.chaos.workload.DurableSubscriber;
import io.stanchion.chaos.workload.NumberedPayload;
import io.stanchion.chaos.workload.PublishLedger;
import io.stanchion.chaos.workload.Publisher;
import io.stanchion.chaos.workload.StreamingSession;
import io.stanchion.node.admin.ClusterCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** An operator changes the members of a running cluster with {@code stanchion cluster}, while it is being published to. */
class MembershipIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PER_SECOND = 250;
    private static final int REFUSED = 1;
    private static final int REMOVED = 5;

    /** All that are ever members; the configuration of the first three names the first three only, to the end. */
    private final ClusterPlan six = ClusterPlan.ofSize(ProcessCluster.newFolder("stanchion-test-"), 6);

    private final ProcessCluster cluster = new ProcessCluster(
            new ClusterPlan(six.clusterId(), six.directory(), six.nodes().subList(0, 3), six.streamingSettings()));
    private final NodeProcess d = added(3);
    private final NodeProcess e = added(4);
    private final NodeProcess f = added(5);
    private final AtomicBoolean isDone = new AtomicBoolean();

    private NodeProcess added(int index) {
        NodePlan node = six.nodes().get(index);
        return new NodeProcess(node, six.configurationOf(node));
    }

    @AfterEach
    void stop() {
        isDone.set(true);
        List.of(d, e, f).forEach(NodeProcess::close);
        cluster.close();
    }

    @Test
    void shouldGrowToFiveAndShrinkToThreeWithoutAnybodyNoticing() throws Exception {
        cluster.startAll();
        cluster.awaitReady(LIMIT);
        List<String> clientsOf = List.of(cluster.node("b").clientUrl());
        try (StreamingSession session = StreamingSession.open(cluster.clusterId(), "publisher", clientsOf, LIMIT);
                DurableSubscriber subscriber = DurableSubscriber.open(new DurableSubscriber.Settings(
                        cluster.clusterId(),
                        "subscriber",
                        clientsOf,
                        "orders",
                        "durable",
                        1024,
                        Duration.ofSeconds(30)))) {
            Publisher publisher = new Publisher(session.streaming(), "orders", new NumberedPayload(128, 1));
            PublishLedger ledger = publisher.ledger();
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publishUntilDone(publisher));

            growToFive();
            refuseToEndangerFive();
            replaceTheDeadByTheEmpty();
            shrinkToThree();
            refuseToEndangerThree();
            changeAnAddress();

            isDone.set(true);
            publishing.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            await().atMost(LIMIT).until(ledger::isSettled);
            assertThat(ledger.failures()).isEmpty();
            await().atMost(LIMIT)
                    .until(() ->
                            subscriber.record().missing(ledger.acknowledged()).isEmpty());
            assertThat(subscriber.record().tally().violations()).isEmpty();
            assertThat(subscriber.reopenedCount()).isZero();
            for (NodeProcess node : List.of(cluster.node("b"), d, f)) {
                await().atMost(LIMIT)
                        .untilAsserted(() ->
                                assertThat(node.monitor().storedMessages()).isEqualTo(ledger.published()));
            }
        }
    }

    private void publishUntilDone(Publisher publisher) {
        try {
            while (!isDone.get()) {
                publisher.publish(PER_SECOND / 5, PER_SECOND);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void growToFive() {
        for (NodeProcess node : List.of(d, e, f)) {
            node.start();
        }
        for (NodeProcess node : List.of(d, e, f)) {
            await().atMost(LIMIT).until(() -> node.monitor().health().contains("no member of the cluster yet"));
            await().atMost(LIMIT) // a process that has just started may take long for its first answer
                    .untilAsserted(() -> assertThat(operatorAt(node, 0, "status"))
                            .contains("b            127.0.0.1")
                            .contains("node " + node.id() + " itself is not one of them: this node is no member"));
        }
        String wrong = "d=127.0.0.1:" + Ports.free(2);
        assertThat(refused("add", wrong)).contains("no node answers this leader at", "start node d there first");
        assertThat(cluster.operate(cluster.node("b"), "add", d.plan().peer())).contains("is a member");
        assertThat(done("add", e.plan().peer())).contains("is a member");
        d.awaitReady(LIMIT);
        e.awaitReady(LIMIT);
        done("transfer", "d"); // of which the configuration of the first three says nothing
    }

    private void refuseToEndangerFive() {
        cluster.node("c").kill();
        e.kill();
        awaitNoticed("c");
        awaitNoticed("e");
        assertThat(refused("remove", "a")).contains("of which c, e cannot be reached: no majority");
        e.start();
        e.awaitReady(LIMIT);
    }

    /** It has waited for longer than a replica may be down before its node ends. */
    private void replaceTheDeadByTheEmpty() {
        assertThat(f.isAlive()).isTrue();
        assertThat(done("replace", "c", f.plan().peer())).contains("in place of c");
        f.awaitReady(LIMIT);
    }

    private void shrinkToThree() throws IOException {
        for (NodeProcess node : List.of(cluster.node("a"), e)) {
            assertThat(done("remove", node.id())).contains("no member any more");
            assertThat(node.awaitEnd(LIMIT)).isEqualTo(REMOVED);
            assertThat(Files.readString(node.logFile())).contains("this node was removed from the cluster");
        }
        assertThat(readyMembers()).containsExactly("b", "d", "f");
    }

    private void refuseToEndangerThree() {
        f.kill();
        awaitNoticed("f");
        assertThat(refused("remove", "b")).contains("of which f cannot be reached: no majority");
    }

    private void changeAnAddress() {
        f.moveOnItsHost();
        f.start();
        await().atMost(LIMIT).until(() -> done("status").contains(f.peerAddress()));
        f.awaitReady(LIMIT);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(readyMembers()).containsExactly("b", "d", "f"));
    }

    private List<String> readyMembers() {
        return done("status")
                .lines()
                .filter(line -> line.endsWith("ready"))
                .map(line -> line.substring(0, 1))
                .toList();
    }

    /** By the leader. Until then a change may be made that it would not survive. */
    private void awaitNoticed(String nodeId) {
        await().atMost(LIMIT).until(() -> refused("transfer", nodeId).contains("node " + nodeId + " does not answer"));
    }

    private String done(String... command) {
        return operator(0, command);
    }

    private String refused(String... command) {
        return operator(REFUSED, command);
    }

    /** What the command prints; it is asked at a node that is there from the beginning to the end. */
    private String operator(int status, String... command) {
        return operatorAt(cluster.node("b"), status, command);
    }

    /** In this process: a JVM for each command would take most of the time. */
    private static String operatorAt(NodeProcess asked, int status, String... command) {
        List<String> line = new ArrayList<>(List.of("--peer", asked.peerAddress()));
        line.addAll(List.of(command));
        StringWriter answer = new StringWriter();
        PrintWriter printer = new PrintWriter(answer, true);
        int ended = new CommandLine(new ClusterCommand())
                .setOut(printer)
                .setErr(printer)
                .execute(line.toArray(String[]::new));
        assertThat(ended).as(answer.toString()).isEqualTo(status);
        return answer.toString();
    }
}
