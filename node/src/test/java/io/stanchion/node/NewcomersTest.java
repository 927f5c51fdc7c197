package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.node.admin.ScriptedNode;
import io.stanchion.node.raft.GroupMember;
import io.stanchion.proto.peer.StatusReply;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is let in at an address that an operator has typed. */
class NewcomersTest {
    private final Newcomers newcomers = new Newcomers("orders");
    private ScriptedNode d;
    private GroupMember asked;

    @BeforeEach
    void start() throws IOException {
        d = ScriptedNode.start("orders", "d");
        asked = new GroupMember("d", "127.0.0.1", d.port(), d.port() + 1, "");
        d.status = StatusReply.newBuilder()
                .setNodeId("d")
                .setWaiting(true)
                .setSelf(new GroupMember("d", "d.example", d.port(), d.port() + 1, "d~f00d").toProto())
                .build();
    }

    @AfterEach
    void stop() {
        d.close();
    }

    @Test
    void shouldTakeTheNameInTheRaftGroupFromANodeThatWaits() throws Exception {
        assertThat(newcomers.meet(asked)).isEqualTo(asked.withRaftId("d~f00d"));
    }

    @Test
    void shouldRefuseAnAddressWhereNobodyAnswers() {
        d.close();
        assertThatThrownBy(() -> newcomers.meet(asked))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no node answers this leader at 127.0.0.1:" + asked.peerPort())
                .hasMessageContaining("start node d there first");
    }

    /** An alias of its address would make it a second member. */
    @Test
    void shouldRefuseTheAddressOfAnotherNode() {
        d.status = d.status.toBuilder().setNodeId("b").build();
        assertThatThrownBy(() -> newcomers.meet(asked)).hasMessageContaining("is node b, not d");
    }

    @Test
    void shouldRefuseANodeOfAnotherCluster() {
        assertThatThrownBy(() -> new Newcomers("invoices").meet(asked))
                .hasMessageContaining("is a node of cluster orders, not of invoices");
    }

    @Test
    void shouldRefuseANodeThatDoesNotWaitToBeAdded() {
        d.status = d.status.toBuilder()
                .setWaiting(false)
                .setUnfitReason("its log is lost")
                .build();
        assertThatThrownBy(() -> newcomers.meet(asked))
                .hasMessageContaining("does not wait to be added (its log is lost)")
                .hasMessageContaining("comes back by itself");
        d.status = d.status.toBuilder().clearSelf().setUnfitReason("starting").build();
        assertThatThrownBy(() -> newcomers.meet(asked)).hasMessageContaining("is still starting");
    }

    @Test
    void shouldRefuseAWrongRaftPortAndNameTheRightOne() {
        GroupMember wrong = new GroupMember("d", "127.0.0.1", d.port(), 1, "");
        assertThatThrownBy(() -> newcomers.meet(wrong))
                .hasMessageContaining("write d=127.0.0.1:" + d.port() + ":" + (d.port() + 1));
    }
}
