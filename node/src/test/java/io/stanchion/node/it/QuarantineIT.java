package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.StreamingConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node whose data is taken out of use gets it back from the others, and clients do not notice. */
class QuarantineIT {
    private static final int MESSAGES = 20_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private TestCluster cluster;
    private StanClients clients;

    @BeforeEach
    void startCluster() throws Exception {
        cluster = TestCluster.start(3);
        clients = new StanClients(cluster);
    }

    @AfterEach
    void stopCluster() throws Exception {
        clients.close();
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldGetItsDataBackFromTheOthersUnderLoad(Through through) throws Exception {
        TestNode doubted = through.of(cluster);
        TestNode other = cluster.nodes().stream()
                .filter(node -> node != doubted)
                .findFirst()
                .orElseThrow();
        StreamingConnection publisher =
                clients.open("publisher", other, options -> options.pubAckWait(Duration.ofSeconds(20)));
        CountDownLatch settled = new CountDownLatch(MESSAGES);
        BitSet failed = new BitSet();
        for (int i = 0; i < MESSAGES; i++) {
            int number = i;
            publisher.publish("orders", new byte[256], (guid, failure) -> {
                if (failure != null) {
                    failed.set(number);
                }
                settled.countDown();
            });
            if (i == MESSAGES / 4) {
                doubted.quarantine("the test says so");
            }
        }
        assertThat(settled.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(failed.cardinality()).isZero();

        await().atMost(LIMIT).until(() -> doubted.quarantined().contains("the test says so") && doubted.isReady());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(doubted.storedMessages()).isEqualTo(MESSAGES));
        assertThat(doubted.data()).isDirectoryContaining("glob:**/quarantined-*");
        assertThat(doubted.data().resolve("quarantine")).doesNotExist();
        cluster.awaitReady();
    }

    @ParameterizedTest
    @EnumSource
    void shouldMendWhatItsDiskHasSpoiltWhileItWasDown(Through through) throws Exception {
        TestNode spoilt = through.of(cluster);
        TestNode other = cluster.nodes().stream()
                .filter(node -> node != spoilt)
                .findFirst()
                .orElseThrow();
        StreamingConnection publisher =
                clients.open("publisher", other, options -> options.pubAckWait(Duration.ofSeconds(20)));
        publisher.publish("orders", new byte[256]);
        AtomicInteger stored = new AtomicInteger(1);
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                publish(publisher);
                stored.incrementAndGet();
            }
        });
        spoilt.stopAbruptly();
        truncateATable(spoilt.data().resolve("db"));
        spoilt.start();
        await().atMost(LIMIT).until(spoilt::isReady);
        done.set(true);
        load.get(LIMIT.toSeconds(), TimeUnit.SECONDS);

        assertThat(spoilt.quarantined()).hasSize(1);
        assertThat(spoilt.data()).isDirectoryContaining("glob:**/quarantined-*");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(spoilt.storedMessages()).isEqualTo(stored.get()));
    }

    private static void publish(StreamingConnection publisher) {
        try {
            publisher.publish("orders", new byte[256]);
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException("a client has noticed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void truncateATable(Path database) throws IOException {
        try (Stream<Path> files = Files.list(database)) {
            Path table = files.filter(file -> file.toString().endsWith(".sst"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(table);
            Files.write(table, Arrays.copyOf(bytes, bytes.length / 2));
        }
    }

    @Test
    void shouldKeepItsDataInUseWhileAnotherNodeIsDown() throws Exception {
        TestNode doubted = cluster.awaitLeader();
        TestNode down = cluster.awaitFollower();
        down.stopAbruptly();
        StreamingConnection publisher = clients.open("publisher", doubted);
        doubted.quarantine("the test says so");
        await().atMost(LIMIT).until(() -> !doubted.isLeader());
        assertThat(doubted.health()).contains("can't be trusted: the test says so");
        publisher.publish("orders", new byte[1]);
        assertThat(doubted.quarantined()).isEmpty();

        down.start();
        await().atMost(LIMIT).until(() -> !doubted.quarantined().isEmpty() && doubted.isReady());
        cluster.awaitReady();
    }
}
