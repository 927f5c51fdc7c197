package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.stanchion.node.LoopbackPorts;
import io.stanchion.raftsm.ratis.LogBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real Ratis servers with the real machine, in this JVM, on loopback ports. */
class RaftNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Nothing of the log is kept behind a snapshot. */
    private static final LogBudget KEEP_NOTHING = new LogBudget(1 << 30, 0, Long.MAX_VALUE);

    @TempDir
    private Path folder;

    private final Map<String, TestMember> running = new ConcurrentHashMap<>();
    private List<TestMember> members = List.of();

    @AfterEach
    void stop() {
        TestMember.together(members, TestMember::stop);
        assertThat(members).allSatisfy(member -> assertThat(member.faults).isEmpty());
    }

    @Test
    void shouldElectALeaderAndApplyWhatAnyNodeIsGiven() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        for (TestMember member : members) {
            publish(member, "from " + member.id());
        }
        assertThat(members).filteredOn(member -> member.raft().isLeader()).hasSize(1);
        assertThat(members)
                .allSatisfy(member -> assertThat(member.raft().members())
                        .extracting(GroupMember::nodeId)
                        .containsExactly("a", "b", "c"));
        awaitSameState(3);
        awaiting()
                .untilAsserted(() -> assertThat(members)
                        .allSatisfy(member ->
                                assertThat(member.raft().unfitReason()).isEmpty()));
    }

    @Test
    void shouldMeasureItsFsyncsAndItsApplications() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        for (TestMember member : members) {
            awaiting()
                    .until(() -> member.machine().applications().count() > 0
                            && member.machine().syncs().totalNanos() > 0);
        }
        TestMember leader = awaitLeader();
        assertThat(leader.raft().group().followers())
                .hasSize(2)
                .extracting(Succession.Candidate::nodeId)
                .doesNotContain(leader.id());
        awaiting()
                .untilAsserted(() -> assertThat(leader.raft().group().followers())
                        .allSatisfy(
                                follower -> assertThat(follower.matchIndex()).isPositive()));
    }

    @Test
    void shouldHandLeadershipOverAndLoseNothing() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        TestMember old = awaitLeader();
        List<TestPublication> publications = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            TestMember member = members.get(i % 3);
            TestPublication publication = new TestPublication("orders", "me", "m" + i);
            publications.add(publication);
            member.log().publish(publication);
            if (i == 100) {
                old.raft().group().handOver();
                assertThat(old.raft().isLeader()).isFalse();
                assertThat(old.raft().handOvers()).isEqualTo(1);
            }
        }
        assertThat(awaitLeader()).isNotSameAs(old);
        awaiting()
                .untilAsserted(() -> assertThat(publications)
                        .allSatisfy(publication ->
                                assertThat(publication.answers).containsExactly(TestPublication.STORED)));
        awaitSameState(200);
    }

    @Test
    void shouldHandLeadershipOverToOneOfThoseThatWillDo() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        TestMember old = awaitLeader();
        String last = members.stream()
                .map(TestMember::id)
                .filter(id -> !id.equals(old.id()))
                .reduce((former, latter) -> latter)
                .orElseThrow();
        assertThatThrownBy(() -> old.raft().group().transferAmong(id -> false)).isInstanceOf(IOException.class);
        assertThat(old.raft().group().transferAmong(last::equals)).isEqualTo(last);
        awaiting().until(() -> awaitLeader().id().equals(last));
    }

    @Test
    void shouldGoOnWithoutTheLeaderAndTakeItInAgain() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        TestMember old = awaitLeader();
        old.stop();
        TestMember left = running.values().iterator().next();
        assertThat(publish(left, "without it")).isEqualTo(TestPublication.STORED);
        old.start();
        publish(old, "with it");
        awaitSameState(2);
        assertThat(old.pulls).hasValue(0);
    }

    @Test
    void shouldNotBeFitBeforeItHasAppliedWhatWasThereWhenItCameBack() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        TestMember follower = follower("");
        follower.stop();
        TestMember leader = awaitLeader();
        for (int i = 0; i < 300; i++) {
            publish(leader, "m" + i);
        }
        long applied = leader.machine().appliedIndex();
        follower.start();
        awaiting().until(() -> follower.raft().unfitReason().isEmpty());
        assertThat(follower.machine().appliedIndex()).isGreaterThanOrEqualTo(applied);
    }

    /** The others cut their logs exactly where the log of the old leader ends: their first entry is the next one it needs. */
    @Test
    void shouldTakeTheOldLeaderInAgainWhenNothingOfItsTermIsLeftInTheLog() throws Exception {
        start(KEEP_NOTHING, "a", "b", "c");
        openSession();
        TestMember old = awaitLeader();
        old.stop();
        TestMember left = running.values().iterator().next();
        assertThat(publish(left, "without it")).isEqualTo(TestPublication.STORED);
        old.start();
        publish(old, "with it");
        awaitSameState(2);
    }

    @Test
    void shouldLetAnEmptiedNodeCatchUpByACheckpointBeforeItVotes() throws Exception {
        start(KEEP_NOTHING, "a", "b", "c");
        openSession();
        publish(members.get(0), "early");
        TestMember emptied = awaitLeader();
        emptied.raft().group().handOver(); // a new term begins a new segment, so the old one can be cut off
        emptied.stop();
        emptied.loseEverything();
        TestMember leader = awaitLeader();
        publish(leader, "late");
        leader.raft().takeSnapshot();
        emptied.start();

        assertThat(emptied.raft().members()).extracting(GroupMember::nodeId).containsExactly("a", "b", "c");
        awaitSameState(2);
        assertThat(emptied.pulls).hasPositiveValue();
        publish(emptied, "again");
        awaitSameState(3);

        TestMember dying = awaitLeader();
        dying.stop(); // now nobody leads without the vote of the one that has come back
        publish(emptied, "by two");
        dying.start();
        awaitSameState(4);
        awaitLeader().raft().group().transfer(emptied.id());
        assertThat(awaitLeader()).isSameAs(emptied);
        publish(emptied, "by the one that was emptied");
        awaitSameState(5);
    }

    @Test
    void shouldKeepWhatItHasWhenTheOnlyNodeStartsAgain() throws Exception {
        start(LogBudget.defaults(), "a");
        openSession();
        publish(members.get(0), "before");
        members.get(0).stop();
        members.get(0).start();
        assertThat(publish(members.get(0), "after")).isEqualTo(TestPublication.STORED);
        awaitSameState(2);
    }

    @Test
    void shouldRefuseToStartTheOnlyNodeWithoutItsLog() throws Exception {
        start(LogBudget.defaults(), "a");
        openSession();
        members.get(0).stop();
        members.get(0).loseLog();
        assertThatThrownBy(members.get(0)::start)
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("has lost its Raft log");
        assertThat(members.get(0).raft().isRunning()).isFalse();
    }

    @Test
    void shouldGrowReplaceAndShrinkTheGroup() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        publish(members.get(0), "one");
        TestMember d = join("d");
        awaitLeader().raft().group().add(d.named());
        awaitSameState(1);
        publish(d, "two");

        TestMember replaced = follower("d");
        replaced.stop();
        members = members.stream().filter(member -> member != replaced).toList();
        TestMember e = join("e");
        awaitLeader().raft().group().replace(replaced.id(), e.named(), asked -> asked);
        publish(e, "three");
        awaitSameState(3);

        TestMember removed = follower("e");
        awaitLeader().raft().group().remove(removed.id());
        awaiting().until(() -> removed.removals.get() == 1);
        removed.stop();
        members = members.stream().filter(member -> member != removed).toList();
        publish(e, "four");
        awaitSameState(4);
        assertThat(e.raft().members()).hasSize(3).doesNotContain(removed.named(), replaced.named());
        assertThatThrownBy(removed::start)
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("was removed from the cluster");
    }

    @Test
    void shouldFollowAMemberToItsNewAddressAndBack() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        publish(members.get(0), "one");
        TestMember before = follower("");
        GroupMember oldPlace = before.self();
        GroupMember newPlace =
                new GroupMember(before.id(), oldPlace.host(), LoopbackPorts.free(1), LoopbackPorts.free(1));

        before.stop();
        TestMember moved = before.at(newPlace);
        members = members.stream()
                .map(member -> member == before ? moved : member)
                .toList();
        moved.start();
        awaiting().until(() -> awaitLeader().raft().members().stream().anyMatch(newPlace::isAtPlaceOf));
        assertThat(awaitLeader().raft().members()).hasSize(3);
        publish(awaitLeader(), "two");
        awaitSameState(2);
        awaitLeader().raft().group().transfer(moved.id());
        publish(moved, "three");
        awaitSameState(3);

        moved.stop();
        TestMember back = moved.at(oldPlace);
        members =
                members.stream().map(member -> member == moved ? back : member).toList();
        back.start();
        awaiting().until(() -> awaitLeader().raft().members().stream().anyMatch(oldPlace::isAtPlaceOf));
        publish(back, "four");
        awaitSameState(4);
    }

    @Test
    void shouldNotMoveAMemberOnAnOperatorsWordAlone() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        GroupMember before = follower("").self();
        GroupMember elsewhere =
                new GroupMember(before.nodeId(), before.host(), before.raftPort() + 1, before.peerPort() + 1);
        Group group = awaitLeader().raft().group();

        assertThatThrownBy(() -> group.add(elsewhere))
                .hasMessageContaining("is a member at " + before.host() + ":" + before.peerPort())
                .hasMessageContaining("it tells the others by itself");
        assertThatThrownBy(() -> group.replace(before.nodeId(), elsewhere, asked -> asked))
                .hasMessageContaining("is a member at");
        assertThat(awaitLeader().raft().members()).hasSize(3).contains(before);
    }

    @Test
    void shouldRefuseAChangeThatWouldEndangerTheMajority() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        TestMember leader = awaitLeader();
        Group group = leader.raft().group();
        TestMember down = follower("");
        down.stop();
        TestMember living = follower("");

        awaiting().until(() -> group.silentMembers().contains(down.id()));
        assertThatThrownBy(() -> group.remove(living.id()))
                .hasMessageContaining("that would leave the members")
                .hasMessageContaining("of which " + down.id() + " cannot be reached: no majority");
        assertThatThrownBy(() -> group.remove("x")).hasMessage("node x is not a member; the members are a, b, c");
        assertThatThrownBy(() -> group.add(
                        new GroupMember("d", down.self().host(), 1, down.self().raftPort())))
                .hasMessageContaining("is that of node " + down.id());
        assertThatThrownBy(() -> living.raft().group().remove(down.id())).isInstanceOf(Group.NotLeaderException.class);
        assertThat(leader.raft().members()).hasSize(3);
        down.start();
        awaitSameState(0);
    }

    /** Its configuration is from before the leader was added. */
    @Test
    void shouldTellARemovedNodeSoThoughItsConfigurationDoesNotNameTheLeader() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        TestMember d = join("d");
        awaitLeader().raft().group().add(d.named());
        awaitLeader().raft().group().transfer("d");
        awaiting().until(() -> awaitLeader() == d);

        TestMember removed = follower("");
        d.raft().group().remove(removed.id());
        awaiting().until(() -> removed.removals.get() == 1);
    }

    @Test
    void shouldTakeInAnEmptiedNodeWhoseConfigurationDoesNotNameTheLeader() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        TestMember d = join("d");
        awaitLeader().raft().group().add(d.named());
        awaitLeader().raft().group().transfer("d");
        awaiting().until(() -> awaitLeader() == d);

        TestMember emptied = follower("");
        emptied.stop();
        emptied.loseEverything();
        emptied.start();
        publish(emptied, "again");
        awaitSameState(1);
    }

    @Test
    void shouldNotTakeADeadFollowerForALivingOneBecauseTheLeaderIsNew() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        TestMember dead = awaitLeader();
        dead.stop();
        TestMember leader = awaitLeader();
        assertThat(leader.raft().group().silentMembers()).containsExactly(dead.id());
        assertThatThrownBy(() -> leader.raft().group().remove(follower("").id()))
                .isInstanceOf(Group.TooSoonException.class);
        awaiting()
                .untilAsserted(() -> assertThatThrownBy(
                                () -> leader.raft().group().remove(follower("").id()))
                        .hasMessageContaining("cannot be reached: no majority"));
        assertThat(leader.raft().members()).hasSize(3);
    }

    @Test
    void shouldNotExpelAMemberThatAnswersWhoeverAsks() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        Group group = awaitLeader().raft().group();
        TestMember living = follower("");
        awaiting().until(group::hearsAll);
        assertThatThrownBy(() -> group.expel(living.id()))
                .hasMessage("node " + living.id() + " still answers; stop it first");
        assertThat(awaitLeader().raft().members()).hasSize(3);
    }

    @Test
    void shouldRefuseToGiveTheLeadershipToAMemberThatDoesNotAnswer() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        TestMember leader = awaitLeader();
        TestMember dead = follower("");
        dead.stop();
        awaiting().until(() -> leader.raft().group().silentMembers().contains(dead.id()));
        assertThatThrownBy(() -> leader.raft().group().transfer(dead.id()))
                .hasMessage("node " + dead.id() + " does not answer, so it cannot lead; bring it back first");
        assertThat(publish(leader, "at once")).isEqualTo(TestPublication.STORED);
    }

    @Test
    void shouldHandLeadershipOverWhenTheLeaderIsToGo() throws Exception {
        start(LogBudget.defaults(), "a", "b", "c");
        openSession();
        TestMember leader = awaitLeader();

        assertThatThrownBy(() -> leader.raft().group().remove(leader.id()))
                .isInstanceOf(Group.NotLeaderException.class);

        TestMember next = awaitLeader();
        assertThat(next.id()).isNotEqualTo(leader.id());
        next.raft().group().remove(leader.id());
        assertThat(next.raft().members())
                .hasSize(2)
                .noneMatch(member -> member.nodeId().equals(leader.id()));
    }

    // Steps

    /** A follower other than that. */
    private TestMember follower(String exceptId) {
        TestMember leader = awaitLeader();
        return running.values().stream()
                .filter(member -> member != leader && !member.id().equals(exceptId))
                .findFirst()
                .orElseThrow();
    }

    /** A new node with an empty disk that runs and waits to be added. */
    private TestMember join(String id) throws IOException {
        List<GroupMember> configured = new ArrayList<>(awaitLeader().raft().members());
        configured.add(new GroupMember(id, "127.0.0.1", LoopbackPorts.free(1), LoopbackPorts.free(1)));
        TestMember joining = new TestMember(
                new RaftSettings("orders", id, "127.0.0.1", configured, true, 300, 600),
                folder.resolve(id),
                LogBudget.defaults(),
                running);
        List<TestMember> all = new ArrayList<>(members);
        all.add(joining);
        members = all;
        new Thread(() -> joining.take(TestMember::start)).start();
        awaiting().until(joining::isWaiting);
        return joining;
    }

    /** All at once: none is up before a majority has been met. */
    private void start(LogBudget budget, String... ids) throws IOException {
        List<GroupMember> voters = new ArrayList<>();
        for (String id : ids) {
            voters.add(new GroupMember(id, "127.0.0.1", LoopbackPorts.free(1), LoopbackPorts.free(1)));
        }
        members = Stream.of(ids)
                .map(id -> new TestMember(
                        new RaftSettings("orders", id, "127.0.0.1", voters, true, 300, 600),
                        folder.resolve(id),
                        budget,
                        running))
                .toList();
        TestMember.together(members, TestMember::start);
    }

    private static ConditionFactory awaiting() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10));
    }

    private TestMember awaitLeader() {
        return awaiting()
                .until(
                        () -> running.values().stream()
                                .filter(member -> member.raft().isLeaderReady())
                                .findFirst()
                                .orElse(null),
                        leader -> leader != null);
    }

    private void openSession() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        members.get(0).log().append(Commands.openSession("me"), reply -> answer.complete(reply.getError()));
        assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEmpty();
    }

    /** Returns what became of it. */
    private static String publish(TestMember through, String text) {
        TestPublication publication = new TestPublication("orders", "me", text);
        through.log().publish(publication);
        return awaiting()
                .until(() -> publication.answers, answers -> !answers.isEmpty())
                .get(0);
    }

    private void awaitSameState(long messages) {
        Collection<TestMember> all = running.values();
        awaiting().untilAsserted(() -> {
            assertThat(all.stream().map(member -> member.raft().appliedIndex()).distinct())
                    .hasSize(1);
            assertThat(all)
                    .allSatisfy(member -> assertThat(
                                    member.machine().view().totals().messages())
                            .isEqualTo(messages));
        });
        assertThat(all.stream().map(member -> member.machine().digest()).distinct())
                .hasSize(1);
    }
}
