package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.StreamingConnection;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
