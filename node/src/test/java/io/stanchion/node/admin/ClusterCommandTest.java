package io.stanchion.node.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.proto.peer.ChangeReply;
import io.stanchion.proto.peer.Member;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** An operator's command at nodes that play what a cluster may do meanwhile. */
class ClusterCommandTest {
    private static final Member GONE = Member.newBuilder()
            .setNodeId("c")
            .setHost("127.0.0.1")
            .setPeerPort(1)
            .build();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ScriptedNode a;
    private ScriptedNode b;

    @BeforeEach
    void start() throws IOException {
        a = ScriptedNode.start("orders", "a");
        b = ScriptedNode.start("orders", "b");
        a.sees(List.of(a.member(), b.member(), GONE));
        b.sees(List.of(a.member(), b.member(), GONE));
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
    }

    @Test
    void shouldAskTheNextNodeWhenTheOneThatWasAskedDies() {
        a.onChange = request -> a.dies();
        assertThat(command("transfer", "b")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("done");
    }

    @Test
    void shouldCountANodeAsRemovedThatAnAttemptBeforeHasRemoved() {
        a.onChange = request -> {
            b.sees(List.of(a.member(), b.member()));
            return a.dies();
        };
        b.onChange = request -> refusal("node c is not a member; the members are a, b");
        assertThat(command("remove", "c")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("node c is no member any more");
    }

    @Test
    void shouldRefuseToRemoveANodeThatNobodyHasSeenAsAMember() {
        a.onChange = request -> refusal("node x is not a member; the members are a, b, c");
        assertThat(command("remove", "x")).isEqualTo(1);
        assertThat(err.toString()).contains("node x is not a member");
    }

    @Test
    void shouldAskALeaderAgainThatIsTooNewToKnow() {
        AtomicInteger asked = new AtomicInteger();
        a.onChange = request -> asked.incrementAndGet() < 3
                ? ChangeReply.newBuilder().setTooSoon(true).setError("too soon").build()
                : ChangeReply.newBuilder().setDone("done").build();
        assertThat(command("remove", "c")).isZero();
        assertThat(asked).hasValue(3);
    }

    @Test
    void shouldGoToTheLeaderThatANodeNames() {
        a.onChange = request -> ChangeReply.newBuilder()
                .setNotLeader(true)
                .setLeader(b.member())
                .build();
        b.onChange = request -> ChangeReply.newBuilder().setDone("b did it").build();
        assertThat(command("remove", "c")).isZero();
        assertThat(out.toString()).contains("b did it");
    }

    @Test
    void shouldAskTheFirstOfSeveralNodesThatAnswers() {
        int free = a.port();
        a.close();
        assertThat(execute("--peer", "127.0.0.1:" + free + ",127.0.0.1:" + b.port(), "transfer"))
                .isZero();
    }

    @Test
    void shouldSayThatANodeThatWaitsIsNoneOfTheMembers() {
        a.status =
                a.status.toBuilder().setWaiting(true).setUnfitReason("it waits").build();
        assertThat(command("status")).isZero();
        assertThat(out.toString())
                .contains("cannot be reached")
                .contains("node a itself is not one of them: it waits")
                .doesNotContain("there is no cluster");
    }

    private static ChangeReply refusal(String reason) {
        return ChangeReply.newBuilder().setError(reason).build();
    }

    private int command(String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "--peer";
        all[1] = "127.0.0.1:" + a.port();
        System.arraycopy(words, 0, all, 2, words.length);
        return execute(all);
    }

    private int execute(String... words) {
        return new CommandLine(new ClusterCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
    }
}
