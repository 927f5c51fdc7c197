package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nats.streaming.StreamingConnection;
import io.nats.streaming.Subscription;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MonitoringIT extends ClusterTestBase {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What differs from node to node. */
    private static JsonNode truth(TestNode node, String path) {
        JsonNode page = node.page(path);
        if (page instanceof ObjectNode object) {
            object.remove(List.of("now", "server_id"));
        }
        return page;
    }

    private void assertTheSameOnAllNodes(String path) {
        JsonNode expected = truth(cluster().awaitLeader(), path);
        for (TestNode node : cluster().nodes()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(truth(node, path)).isEqualTo(expected));
        }
    }

    @Test
    void shouldTellTheSameTruthOnEveryNode() throws Exception {
        StreamingConnection alice = open("alice", Through.FOLLOWER);
        StreamingConnection bob = open("bob", Through.LEADER);
        publish(alice, "orders", "1", "2", "3");
        publish(alice, "bills", "1");
        Received received = new Received();
        Subscription durable = subscribe(
                bob,
                "orders",
                received,
                options().durableName("dur").deliverAllAvailable().manualAcks().maxInFlight(2));
        received.awaitTexts("1", "2");
        subscribe(alice, "bills", options());

        TestNode leader = cluster().awaitLeader();
        JsonNode orders = leader.page("/streaming/channelsz?channel=orders&subs=1");
        assertThat(orders.path("msgs").asInt()).isEqualTo(3);
        assertThat(orders.path("last_seq").asInt()).isEqualTo(3);
        JsonNode online = orders.path("subscriptions").path(0);
        assertThat(online.path("client_id").asText()).isEqualTo("bob");
        assertThat(online.path("durable_name").asText()).isEqualTo("dur");
        assertThat(online.path("pending_count").asInt()).isEqualTo(2);
        assertThat(online.path("is_stalled").asBoolean()).isTrue();
        assertTheSameOnAllNodes("/streaming/channelsz?subs=1");
        assertTheSameOnAllNodes("/streaming/clientsz?subs=1");
        assertTheSameOnAllNodes("/streaming/storez");

        durable.close();
        JsonNode offline =
                leader.page("/streaming/channelsz?channel=orders&subs=1").path("subscriptions");
        assertThat(offline.path(0).path("is_offline").asBoolean()).isTrue();
        assertThat(offline.path(0).path("client_id").asText()).isEqualTo("bob");
        assertTheSameOnAllNodes("/streaming/channelsz?subs=1");
    }

    @Test
    void shouldShowItsPartInTheCluster() {
        TestNode leader = cluster().awaitLeader();
        assertThat(leader.page("/streaming/serverz").path("role").asText()).isEqualTo("Leader");
        assertThat(leader.page("/streaming/serverz").path("node_id").asText()).isEqualTo(leader.id());
        assertThat(leader.page("/streaming/storez").path("type").asText()).isEqualTo("RAFT_FILE");
        assertThat(leader.page("/routez").path("num_routes").asInt()).isEqualTo(2);
        assertThat(cluster()
                        .awaitFollower()
                        .page("/streaming/serverz")
                        .path("role")
                        .asText())
                .isEqualTo("Follower");
    }

    @Test
    void shouldShowTheConnectionsOfEachNode() throws Exception {
        TestNode follower = cluster().awaitFollower();
        publish(clients().open("counted", follower), "counted", "1");
        JsonNode connections = follower.page("/connz?subs=1").path("connections");
        assertThat(connections).anySatisfy(connection -> {
            assertThat(connection.path("name").asText()).isEqualTo("counted");
            assertThat(connection.path("in_msgs").asInt()).isGreaterThanOrEqualTo(2);
            assertThat(connection.path("subscriptions_list")).isNotEmpty();
        });
    }
}
