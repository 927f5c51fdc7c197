package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stanchion.node.LoopbackPorts;
import io.stanchion.raftsm.ratis.LogBudget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;

/** Three members that have published something in two terms, so that each has a closed segment of the log and an open one. */
final class TestGroup implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Map<String, TestMember> running = new ConcurrentHashMap<>();
    final List<TestMember> members;
    private int published;

    private TestGroup(Path folder) {
        List<GroupMember> voters = Stream.of("a", "b", "c")
                .map(id -> new GroupMember(id, "127.0.0.1", LoopbackPorts.free(1), LoopbackPorts.free(1)))
                .toList();
        members = voters.stream()
                .map(self -> new TestMember(
                        new RaftSettings("orders", self.nodeId(), "127.0.0.1", voters, true, 300, 600),
                        folder.resolve(self.nodeId()),
                        LogBudget.defaults(),
                        running))
                .toList();
    }

    /** @param folder gets a folder of each member */
    static TestGroup start(Path folder) throws Exception {
        TestGroup group = new TestGroup(folder);
        TestMember.together(group.members, TestMember::start);
        CompletableFuture<String> answer = new CompletableFuture<>();
        group.members.get(0).log().append(Commands.openSession("me"), reply -> answer.complete(reply.getError()));
        assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEmpty();
        group.publish(40);
        group.awaitLeader().raft().group().handOver();
        group.awaitLeader();
        group.publish(10);
        group.awaitSameState();
        return group;
    }

    void publish(int count) {
        for (int i = 0; i < count; i++) {
            TestPublication publication = new TestPublication("orders", "me", "m" + published++ + "x".repeat(500));
            running.values().iterator().next().log().publish(publication);
            awaiting().until(() -> publication.answers, List.of(TestPublication.STORED)::equals);
        }
    }

    void awaitSameState() {
        awaiting().untilAsserted(() -> {
            assertThat(running).hasSize(members.size());
            assertThat(running.values())
                    .allSatisfy(member -> assertThat(
                                    member.machine().view().totals().messages())
                            .isEqualTo(published));
        });
    }

    /** The others have heard how far it is. */
    void awaitTold(TestMember member) {
        awaiting()
                .until(() -> running.values().stream()
                        .filter(other -> other != member)
                        .allMatch(other -> hasHeard(other, member)));
    }

    private static boolean hasHeard(TestMember other, TestMember member) {
        AtomicBoolean answer = new AtomicBoolean();
        other.take(asked -> answer.set(asked.hasHeardFrom(member, member.raft().committed())));
        return answer.get();
    }

    TestMember follower() {
        TestMember leader = awaitLeader();
        return running.values().stream()
                .filter(member -> member != leader)
                .findFirst()
                .orElseThrow();
    }

    TestMember awaitLeader() {
        return awaiting()
                .until(
                        () -> running.values().stream()
                                .filter(member -> member.raft().isLeaderReady())
                                .findFirst()
                                .orElse(null),
                        leader -> leader != null);
    }

    private static ConditionFactory awaiting() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5));
    }

    @Override
    public void close() {
        TestMember.together(members, TestMember::stop);
        assertThat(members).allSatisfy(member -> assertThat(member.faults).isEmpty());
    }
}
