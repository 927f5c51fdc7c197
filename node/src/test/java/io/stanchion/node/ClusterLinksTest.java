package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.gateway.core.Router;
import io.stanchion.node.config.ConfigLoader;
import io.stanchion.node.config.InvalidConfigException;
import io.stanchion.node.config.Program;
import io.stanchion.node.monitor.PeerFacts;
import io.stanchion.node.raft.GroupMember;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which nodes are the others. */
class ClusterLinksTest {
    @Test
    void shouldShowTheMembersInPlaceOfTheNodesOfTheConfiguration() throws Exception {
        try (ClusterLinks links = links()) {
            assertThat(links.peers()).extracting(PeerFacts::nodeId).containsExactly("b", "c");
            assertThat(links.size()).isEqualTo(2);
            links.known().follow(members("a", "b", "d", "e"));
            assertThat(links.peers()).extracting(PeerFacts::nodeId).containsExactly("b", "d", "e");
            assertThat(links.peers()).extracting(PeerFacts::host).containsOnly("127.0.0.2");
            assertThat(links.size()).isEqualTo(3);
        }
    }

    private static ClusterLinks links() throws InvalidConfigException {
        String peers = "a=127.0.0.1:6222,b=127.0.0.1:6322,c=127.0.0.1:6422";
        ConfigLoader.Order order = new ConfigLoader(Program.STANCHION)
                .load("-cluster_node_id", "a", "-cluster_peers", peers, "-clustered");
        return new ClusterLinks(((ConfigLoader.Run) order).config(), new Router(), 1);
    }

    private static List<GroupMember> members(String... ids) {
        return Stream.of(ids)
                .map(id -> new GroupMember(id, "127.0.0.2", 4300, 4301))
                .toList();
    }
}
