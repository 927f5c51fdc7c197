package io.stanchion.node.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Message;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeRequestsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static String ask(Connection nats, TestCluster cluster, String what, String nodeId)
            throws InterruptedException {
        Message answer =
                nats.request("_STAN.raft." + cluster.clusterId() + ".node." + what, nodeId.getBytes(UTF_8), PATIENCE);
        return answer == null ? "nothing" : new String(answer.getData(), UTF_8);
    }

    @Test
    void shouldTakeANodeOutOfTheGroup() throws Exception {
        try (TestCluster cluster = TestCluster.start(3, List.of(), List.of("allow_add_remove_node: true"));
                StanClients clients = new StanClients(cluster)) {
            TestNode leader = cluster.awaitLeader();
            TestNode follower = cluster.awaitFollower();
            Connection nats = clients.nats("operator", leader);

            assertThat(ask(nats, cluster, "remove", "")).isEqualTo("-ERR removing node \"\": invalid node ID");
            assertThat(ask(nats, cluster, "add", "")).isEqualTo("-ERR adding node \"\": invalid node ID");
            assertThat(ask(nats, cluster, "add", "x"))
                    .isEqualTo("-ERR adding node \"x\": node x is not among the peers");
            assertThat(ask(nats, cluster, "remove", "x"))
                    .startsWith("-ERR removing node \"x\": node x is not a member; the members are ");
            assertThat(ask(nats, cluster, "add", follower.id())).isEqualTo("+OK");
            assertThat(ask(nats, cluster, "remove", follower.id())).isEqualTo("+OK");
            await().atMost(PATIENCE).until(follower::isRemoved);
        }
    }

    @Test
    void shouldTakeTheLeaderOutOfTheGroup() throws Exception {
        try (TestCluster cluster = TestCluster.start(3, List.of(), List.of("allow_add_remove_node: true"));
                StanClients clients = new StanClients(cluster)) {
            TestNode leader = cluster.awaitLeader();
            Connection nats = clients.nats("operator", cluster.awaitFollower());

            assertThat(ask(nats, cluster, "remove", leader.id())).isEqualTo("+OK");

            await().atMost(PATIENCE).until(leader::isRemoved);
            assertThat(leader.isLeader()).isFalse();
        }
    }
}
