package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.streaming.StreamingConnection;
import io.nats.streaming.SubscriptionOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Encryption at rest, as clients and the finder of a disk see it. */
class EncryptedIT {
    private static final List<String> ENCRYPT = List.of("encrypt: true", "encryption_key: \"open sesame\"");
    private static final String[] SECRETS = {
        "very secret words", "client-of-mine", "durable-of-mine", "channel-of-mine", "open sesame"
    };

    private TestCluster cluster;
    private StanClients clients;

    private void start(int size) throws IOException {
        cluster = TestCluster.start(size, ENCRYPT);
        clients = new StanClients(cluster);
    }

    @AfterEach
    void stop() throws Exception {
        clients.close();
        cluster.close();
    }

    private StreamingConnection open(TestNode node) throws IOException, InterruptedException {
        return clients.open("client-of-mine", node);
    }

    private static void publish(StreamingConnection session, int from, int to) throws Exception {
        for (int i = from; i <= to; i++) {
            session.publish("channel-of-mine", text(i).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String text(int number) {
        return "very secret words " + number;
    }

    private static String[] texts(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(EncryptedIT::text).toArray(String[]::new);
    }

    private static Received subscribe(StreamingConnection session) throws Exception {
        Received received = new Received();
        session.subscribe(
                "channel-of-mine",
                received,
                new SubscriptionOptions.Builder()
                        .durableName("durable-of-mine")
                        .deliverAllAvailable()
                        .build());
        return received;
    }

    private static List<String> findSecrets(Path directory) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                Stream.of(SECRETS)
                        .filter(content::contains)
                        .forEach(secret -> found.add(secret + " in " + directory.relativize(file)));
            }
        }
        return found;
    }

    @Test
    void shouldServeAsEverAndLeaveNothingReadableOnAnyDisk() throws Exception {
        start(3);
        StreamingConnection session = open(cluster.awaitLeader());
        Received received = subscribe(session);
        publish(session, 1, 50);
        received.awaitTexts(texts(1, 50));
        session.close();

        TestNode old = cluster.stopLeader();
        session = open(cluster.awaitLeader());
        publish(session, 51, 60);
        subscribe(session).awaitTexts(texts(51, 60));
        session.close();
        cluster.restart(old);

        for (TestNode node : cluster.nodes()) {
            assertThat(findSecrets(node.data())).as("on node %s", node.id()).isEmpty();
            node.stopAbruptly();
            assertThat(findSecrets(node.data()))
                    .as("on node %s, stopped", node.id())
                    .isEmpty();
        }
    }

    @Test
    void shouldGiveEverythingBackToANodeThatWasEmptied() throws Exception {
        start(3);
        TestNode emptied = cluster.awaitFollower();
        StreamingConnection session = open(cluster.awaitLeader());
        publish(session, 1, 20);
        emptied.stopAbruptly();
        emptied.loseData();
        publish(session, 21, 30);
        cluster.restart(emptied);
        session.close();

        TestNode other = cluster.nodes().stream()
                .filter(node -> node != emptied && !node.isLeader())
                .findFirst()
                .orElseThrow();
        other.stopAbruptly(); // from now on the node that was emptied is needed for every commit
        session = open(cluster.awaitLeader());
        publish(session, 31, 40);
        subscribe(session).awaitTexts(texts(1, 40));
        assertThat(findSecrets(emptied.data())).isEmpty();
    }

    @Test
    void shouldFindItsDataAgainWithItsKeyAndRefuseToStartWithAnother() throws Exception {
        start(1);
        TestNode node = cluster.awaitLeader();
        StreamingConnection session = open(node);
        publish(session, 1, 20);
        session.close();

        node.stopAbruptly();
        assertThatThrownBy(() -> node.start(text -> text.replace("open sesame", "open barley")))
                .hasRootCauseMessage(
                        "data directory " + node.data() + " is encrypted with another key; give the key that"
                                + " it was begun with, or choose an empty directory with dir");
        assertThatThrownBy(() -> node.start(
                        text -> text.replace("encrypt: true", "").replace("encryption_key: \"open sesame\"", "")))
                .hasRootCauseMessage("data directory " + node.data() + " is encrypted: encryption key required; set"
                        + " encrypt, and the key with the environment variable NATS_STREAMING_ENCRYPTION_KEY");

        cluster.restart(node);
        session = open(node);
        subscribe(session).awaitTexts(texts(1, 20));
    }
}
