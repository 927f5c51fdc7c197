package io.stanchion.node.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
    void shouldTakeANodeOutOfTheGroupAndInAgain() throws Exception {
        try (TestCluster cluster = TestCluster.start(3, List.of(), List.of("allow_add_remove_node: true"));
                StanClients clients = new StanClients(cluster)) {
            TestNode leader = cluster.awaitLeader();
            TestNode follower = cluster.awaitFollower();
            Connection nats = clients.nats("operator", follower);

            assertThat(ask(nats, cluster, "remove", "")).isEqualTo("-ERR removing node \"\": invalid node ID");
            assertThat(ask(nats, cluster, "add", "")).isEqualTo("-ERR adding node \"\": invalid node ID");
            assertThat(ask(nats, cluster, "add", "x"))
                    .isEqualTo("-ERR adding node \"x\": node x is not among the peers");
            assertThat(ask(nats, cluster, "remove", "x"))
                    .isEqualTo("-ERR removing node \"x\": node x is not a member of the group");
            assertThat(ask(nats, cluster, "remove", leader.id()))
                    .isEqualTo("-ERR removing node \"" + leader.id()
                            + "\": it leads now; stop it, and ask the next leader");
            assertThat(ask(nats, cluster, "remove", follower.id())).isEqualTo("+OK");
            assertThat(ask(nats, cluster, "remove", follower.id())).endsWith("is not a member of the group");
            assertThat(ask(nats, cluster, "add", follower.id())).isEqualTo("+OK");
            cluster.awaitReady();
        }
    }

    @Test
    void shouldRefuseWhatWouldLeaveNoMajority() throws Exception {
        try (TestCluster cluster = TestCluster.start(3, List.of(), List.of("allow_add_remove_node: true"));
                StanClients clients = new StanClients(cluster)) {
            TestNode leader = cluster.awaitLeader();
            List<TestNode> followers =
                    cluster.nodes().stream().filter(node -> node != leader).toList();
            Connection nats = clients.nats("operator", leader);
            followers.get(0).stopAbruptly();

            assertThat(ask(nats, cluster, "remove", followers.get(1).id()))
                    .isEqualTo("-ERR removing node \"" + followers.get(1).id()
                            + "\": only 1 of the 2 nodes that would be left are connected, which is no majority");
            assertThat(ask(nats, cluster, "remove", followers.get(0).id())).isEqualTo("+OK");
        }
    }
}
