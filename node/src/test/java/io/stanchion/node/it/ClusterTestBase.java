package io.stanchion.node.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.streaming.StreamingConnection;
import io.nats.streaming.Subscription;
import io.nats.streaming.SubscriptionOptions;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** One cluster of three for all tests of a class, and fresh clients for each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClusterTestBase {
    private TestCluster cluster;
    private StanClients clients;

    @BeforeAll
    void startCluster() throws IOException {
        cluster = TestCluster.start(3);
    }

    @AfterAll
    void stopCluster() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void newClients() {
        clients = new StanClients(cluster);
    }

    @AfterEach
    void closeClients() throws InterruptedException {
        clients.close();
    }

    TestCluster cluster() {
        return cluster;
    }

    StanClients clients() {
        return clients;
    }

    /** A session through the leader's or a follower's gateway. */
    StreamingConnection open(String clientId, Through through) throws IOException, InterruptedException {
        return clients.open(clientId, through.of(cluster));
    }

    static SubscriptionOptions.Builder options() {
        return new SubscriptionOptions.Builder();
    }

    static Received subscribe(StreamingConnection session, String channel, SubscriptionOptions.Builder options)
            throws Exception {
        Received received = new Received();
        session.subscribe(channel, received, options.build());
        return received;
    }

    static Subscription subscribe(
            StreamingConnection session, String channel, Received received, SubscriptionOptions.Builder options)
            throws Exception {
        return session.subscribe(channel, received, options.build());
    }

    /** Publishes one by one; returns when all are acknowledged. */
    static void publish(StreamingConnection session, String channel, String... texts) throws Exception {
        for (String text : texts) {
            session.publish(channel, text.getBytes(UTF_8));
        }
    }
}
