package io.stanchion.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterPlanTest {
    private static final Path FOLDER = Path.of("/tmp/somewhere");

    @Test
    void shouldWriteTheSamePeersIntoEachNodesConfiguration() {
        ClusterPlan plan =
                ClusterPlan.onPorts(FOLDER, List.of(4222, 4223, 4224)).withStreamingSettings("max_msgs: 5");

        for (NodePlan node : plan.nodes()) {
            assertThat(plan.configurationOf(node))
                    .contains("listen: \"127.0.0.1:" + node.clientPort() + "\"")
                    .contains("max_msgs: 5")
                    .contains("\"a=127.0.0.1:" + plan.nodes().get(0).peerPort() + "\"")
                    .contains("\"c=127.0.0.1:" + plan.nodes().get(2).peerPort() + "\"");
        }
    }

    @Test
    void shouldLeaveTheClusterOutForASingleNode() {
        ClusterPlan plan = ClusterPlan.ofSize(FOLDER, 1);

        assertThat(plan.configurationOf(plan.nodes().get(0))).doesNotContain("cluster {");
    }

    @Test
    void shouldGiveEachPurposeAPortOfItsOwn() {
        Set<Integer> ports = new HashSet<>();
        ClusterPlan plan = ClusterPlan.ofSize(FOLDER, 5);
        for (NodePlan node : plan.nodes()) {
            ports.addAll(List.of(node.clientPort(), node.monitorPort(), node.peerPort(), node.peerPort() + 1));
        }
        assertThat(ports).hasSize(20);
    }
}
