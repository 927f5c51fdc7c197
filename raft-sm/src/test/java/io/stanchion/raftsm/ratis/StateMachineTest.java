package io.stanchion.raftsm.ratis;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.model.ChannelFacts;
import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.Listing;
import io.stanchion.raftsm.model.ReplicaView;
import io.stanchion.raftsm.model.SessionFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.util.LifeCycle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateMachineTest {
    private static final ByteString CONN_ID = ByteString.copyFromUtf8("connection of alice");

    @TempDir
    private Path directory;

    private final Batches batches = new Batches();

    private static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static List<String> messages(TestNode node, long channelId) {
        List<String> found = new ArrayList<>();
        node.machine()
                .messages()
                .read(
                        channelId,
                        1,
                        Long.MAX_VALUE,
                        (sequence, time, record) -> found.add(sequence + "@" + time + " " + record.toStringUtf8()));
        return found;
    }

    @Test
    void shouldApplyReplyDeliverAndFindEverythingAgainAfterARestart() throws Exception {
        try (TestGroup group = new TestGroup(directory, 1, LogBudget.defaults())) {
            TestNode node = group.awaitLeader();
            assertThat(node.submit(batches.openSession("alice", CONN_ID)).getRepliesList())
                    .hasSize(1);
            assertThat(node.machine().heartbeatsMissed(CONN_ID)).isZero();
            assertThat(node.machine().heartbeatsMissed(text("nobody"))).isEqualTo(-1);
            node.submit(batches.takeOver());
            node.submit(batches.subscribe("alice", "orders"));
            group.pass(1_000_000_000L);
            BatchReply reply = node.submit(batches.publish("alice", "orders", text("one"), text("two")));

            assertThat(reply.getReplies(0).getError()).isEmpty();
            assertThat(messages(node, 1)).containsExactly("1@2000000000 one", "2@2000000000 two");
            assertThat(node.role.effects)
                    .filteredOn(Effect.Deliver.class::isInstance)
                    .extracting(effect -> ((Effect.Deliver) effect).last())
                    .containsExactly(2L);
            assertThat(node.machine().firstMessage(1)).isEqualTo(1);
            assertThat(node.machine().lastMessage(1)).isEqualTo(2);

            Digest digest = node.machine().digest();
            node.role.effects.clear();
            group.stop(node);
            group.start(node);
            group.awaitLeader();
            assertThat(node.machine().digest()).isEqualTo(digest);
            assertThat(messages(node, 1)).hasSize(2);
            assertThat(node.role.effects)
                    .as("of entries replayed before it leads")
                    .isEmpty();
            assertThat(node.role.faults).isEmpty();
        }
    }

    @Test
    void shouldListLongListsInStepsWhileEntriesAreApplied() throws Exception {
        try (TestGroup group = new TestGroup(directory, 1, LogBudget.defaults())) {
            TestNode node = group.awaitLeader();
            node.submit(batches.openSession("alice", CONN_ID));
            node.submit(batches.takeOver());
            node.submit(batches.subscribe("alice", "c0000"));
            for (int i = 0; i < 1_200; i++) {
                node.submit(batches.publish("alice", String.format("c%04d", i), text("one")));
            }
            ReplicaView view = node.machine().view();

            assertThat(view.channels(1, 1_100).items())
                    .extracting(ChannelFacts::name)
                    .hasSize(1_100)
                    .isSorted()
                    .startsWith("c0001")
                    .endsWith("c1100");
            assertThat(view.channels(1_190, 1_000).items()).hasSize(10);
            assertThat(view.channels(1_200, 10)).isEqualTo(new Listing<>(List.of(), 1_200));
            assertThat(view.totals().messages()).isEqualTo(1_200);
            assertThat(view.session("alice")).isEqualTo(new SessionFacts("alice", "", 1));
            assertThat(view.subscriptionsOf("alice")).isEqualTo(view.subscriptionsOn("c0000"));
            assertThat(view.subscriptionsOn("c0000")).hasSize(1);

            group.stop(node);
            assertThat(view.channels(0, 10).items()).isEmpty();
        }
    }

    @Test
    void shouldRefuseMalformedBytesAndGoOn() throws Exception {
        try (TestGroup group = new TestGroup(directory, 1, LogBudget.defaults())) {
            TestNode node = group.awaitLeader();
            assertThatThrownBy(() -> node.send(new byte[] {1, 2, 3}))
                    .isInstanceOf(StateMachineException.class)
                    .hasMessageContaining("not a batch");
            assertThatThrownBy(() -> node.submit(batches.openSession("", CONN_ID)))
                    .isInstanceOf(StateMachineException.class)
                    .hasMessageContaining("a session without a client ID");

            Batches again = new Batches();
            assertThat(node.submit(again.openSession("alice", CONN_ID)).getRepliesList())
                    .hasSize(1);
            assertThat(node.isLeading()).isTrue();
        }
    }

    @Test
    void shouldEndTheDivisionAndSayWhyWhenApplyFails() throws Exception {
        try (TestGroup group = new TestGroup(directory, 1, LogBudget.defaults())) {
            TestNode node = group.awaitLeader();
            node.submit(batches.openSession("alice", CONN_ID));
            node.submit(batches.takeOver());
            Digest digest = node.machine().digest();
            node.role.failure = new IllegalStateException("a broken invariant");
            Thread sender = new Thread(() -> sendIgnoringTheAnswer(
                    node, batches.openSession("bob", text("b")).toByteArray()));
            sender.start();

            await().atMost(TestGroup.PATIENCE).until(() -> !node.role.faults.isEmpty());
            assertThat(node.role.faults.get(0)).contains("can't apply entry").contains("a broken invariant");
            await().atMost(TestGroup.PATIENCE)
                    .until(() -> node.division().getInfo().getLifeCycleState() == LifeCycle.State.CLOSED);
            sender.join();

            node.role.failure = null;
            group.stop(node);
            group.start(node);
            group.awaitLeader();
            assertThat(node.machine().digest())
                    .as("the entry is applied after all")
                    .isNotEqualTo(digest);
        }
    }

    private static void sendIgnoringTheAnswer(TestNode node, byte[] bytes) {
        try {
            node.send(bytes);
        } catch (Exception e) {
            assertThat(e).isNotNull(); // the division ends while the sender waits
        }
    }

    /**
     * Two elections without a command between them leave configuration entries at the end of the log. If their position is not written
     * with the snapshot, Ratis purges what the next start wants to begin with, and no leader ever becomes ready.
     */
    @Test
    void shouldStartAgainWhenOnlyConfigurationsWereAppliedBeforeASnapshotAndThePurge() throws Exception {
        try (TestGroup group = new TestGroup(directory, 1, TestGroup.KEEP_NOTHING)) {
            TestNode node = group.awaitLeader();
            node.submit(batches.openSession("alice", CONN_ID));
            for (int i = 0; i < 20; i++) {
                node.submit(batches.publish("alice", "orders", text("message " + i + "x".repeat(200))));
            }
            for (int i = 0; i < 3; i++) {
                group.stop(node);
                group.start(node);
                group.awaitLeader();
            }
            long applied = node.machine().appliedIndex();
            assertThat(node.snapshot()).isEqualTo(applied);
            assertThat(node.machine().getLatestSnapshot().getIndex()).isEqualTo(applied);
            await("the purge").atMost(TestGroup.PATIENCE).until(() -> node.logStart() > 15);
            Digest digest = node.machine().digest();

            for (int i = 0; i < 2; i++) {
                group.stop(node);
                group.start(node);
                group.awaitLeader();
                assertThat(node.machine().digest()).isEqualTo(digest);
            }
            node.submit(batches.publish("alice", "orders", text("one more")));
            assertThat(messages(node, 1)).hasSize(21);
        }
    }

    @Test
    void shouldAskForASnapshotWhenEnoughWasAppliedAndKeepALogForTheOthers() throws Exception {
        LogBudget budget = new LogBudget(64_000, 1000, Long.MAX_VALUE);
        try (TestGroup group = new TestGroup(directory, 1, budget)) {
            TestNode node = group.awaitLeader();
            node.submit(batches.openSession("alice", CONN_ID));
            for (int i = 0; i < 50; i++) {
                node.submit(batches.publish("alice", "orders", text("x".repeat(1000))));
            }
            await().atMost(TestGroup.PATIENCE).until(() -> node.snapshotsDue.get() >= 2);
            assertThat(node.machine().isSnapshotDue()).isTrue();
            long applied = node.machine().appliedIndex();
            assertThat(node.snapshot()).as("about 16 of 51 kB are kept").isBetween(applied - 18, applied - 12);
            assertThat(node.machine().isSnapshotDue()).isFalse();
            assertThat(node.machine().getLatestSnapshot().getIndex()).isEqualTo(applied);

            group.stop(node);
            group.start(node);
            group.awaitLeader();
            assertThat(messages(node, 1)).hasSize(50);
            node.snapshot();
        }
    }

    @Test
    void shouldAgreeOnAllNodesAndGoOnUnderANewLeader() throws Exception {
        try (TestGroup group = new TestGroup(directory, 3, LogBudget.defaults())) {
            TestNode first = group.awaitLeader();
            group.submit(batches.openSession("alice", CONN_ID));
            for (int i = 0; i < 10; i++) {
                group.pass(1_000);
                group.submit(batches.publish("alice", "orders", text("message " + i)));
            }
            agree(group);
            group.stop(first);

            group.clockNanos.set(5); // a clock that is behind: the log's never goes back
            TestNode second = group.awaitLeader();
            assertThat(second.role.leader.get()).isNotEmpty();
            group.submit(batches.publish("alice", "orders", text("of the second")));
            assertThat(messages(second, 1)).hasSize(11).last().isEqualTo("11@1000010000 of the second");
            group.start(first);
            agree(group);
        }
    }

    @Test
    void shouldTrimNothingByAgeWhenTheWallClockOfTheLeaderJumpsButCountANightThatTheClusterWasStopped()
            throws Exception {
        try (TestGroup group = new TestGroup(directory, 1, LogBudget.defaults())) {
            TestNode node = group.awaitLeader();
            node.submit(batches.configure(HOURS.toNanos(24)));
            node.submit(batches.openSession("alice", CONN_ID));
            node.submit(batches.publish("alice", "orders", text("one")));
            group.clockNanos.addAndGet(DAYS.toNanos(365));
            node.submit(batches.publish("alice", "orders", text("two")));
            group.pass(HOURS.toNanos(1));
            node.submit(batches.tick());
            assertThat(messages(node, 1)).containsExactly("1@1000000000 one", "2@1000000000 two");
            group.clockNanos.addAndGet(-DAYS.toNanos(365));
            node.submit(batches.tick());
            assertThat(messages(node, 1)).hasSize(2);

            group.stop(node);
            group.clockNanos.addAndGet(HOURS.toNanos(24));
            group.start(node);
            group.awaitLeader().submit(batches.tick());
            assertThat(messages(node, 1)).isEmpty();
        }
    }

    @Test
    void shouldReachAckDeadlinesInTimeThoughTheWallClockWasSetBack() throws Exception {
        try (TestGroup group = new TestGroup(directory, 1, LogBudget.defaults())) {
            group.clockNanos.addAndGet(HOURS.toNanos(2));
            TestNode node = group.awaitLeader();
            node.submit(batches.openSession("alice", CONN_ID));
            node.submit(batches.takeOver());
            node.submit(batches.subscribe("alice", "orders"));
            node.submit(batches.publish("alice", "orders", text("one")));
            long deadline = deliveries(node).get(0).deadlineNanos();
            assertThat(deadline - node.machine().logClockNanos()).isEqualTo(SECONDS.toNanos(30));

            group.clockNanos.addAndGet(-HOURS.toNanos(1));
            group.pass(SECONDS.toNanos(30));
            node.submit(batches.expireAcks());
            assertThat(deliveries(node)).as("time goes a tenth slower").hasSize(1);
            group.pass(SECONDS.toNanos(4));
            assertThat(node.machine().logClockNanos()).isGreaterThan(deadline);
            node.submit(batches.expireAcks());
            assertThat(deliveries(node))
                    .extracting(Effect.Deliver::redeliveryCount)
                    .containsExactly(0, 1);
        }
    }

    private static List<Effect.Deliver> deliveries(TestNode node) {
        return node.role.effects.stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(Effect.Deliver.class::cast)
                .toList();
    }

    private static void agree(TestGroup group) {
        long index = group.awaitLeader().machine().appliedIndex();
        List<Digest> digests = new ArrayList<>();
        for (TestNode node : group.nodes()) {
            group.awaitApplied(node, index);
            digests.add(node.machine().digest());
        }
        assertThat(digests).as("digests at %d", index).containsOnly(digests.get(0));
        List<List<String>> messages =
                group.nodes().stream().map(node -> messages(node, 1)).toList();
        assertThat(messages).containsOnly(messages.get(0));
    }

    /** Ratis' follower takes no entries before the leader has asked again; a new one whose log is long enough never asks. */
    @Test
    void shouldSayThatAPulledCheckpointIsLeftLyingByANewLeaderWhichHasTheEntries() throws Exception {
        try (TestGroup group = new TestGroup(directory, 3, TestGroup.KEEP_NOTHING)) {
            TestNode leader = group.awaitLeader();
            TestNode follower = group.nodes().stream()
                    .filter(node -> node != leader)
                    .findFirst()
                    .orElseThrow();
            group.submit(batches.openSession("alice", CONN_ID));
            publish(group, 20);
            agree(group);
            long end = follower.machine().appliedIndex();
            group.stop(follower);
            publish(group, 30);
            leader.snapshot(); // and nobody else
            publish(group, 5);
            leader.snapshot();
            await("the purge").atMost(TestGroup.PATIENCE).until(() -> leader.logStart() > end + 1);

            group.onPulled = () -> group.end(leader);
            group.start(follower);
            await("the checkpoint")
                    .atMost(TestGroup.PATIENCE)
                    .until(() -> group.pulls.get() > 0 && !leader.isLeading());
            assertThat(follower.machine().isInstallOverdue()).isFalse();
            await("the time that an installation may take")
                    .atMost(TestGroup.PATIENCE)
                    .until(() -> {
                        group.pass(SECONDS.toNanos(1));
                        return follower.machine().isInstallOverdue();
                    });
        }
    }

    @Test
    void shouldBringAnEmptiedAndALaggingFollowerBackWithCheckpoints() throws Exception {
        try (TestGroup group = new TestGroup(directory, 3, TestGroup.KEEP_NOTHING)) {
            group.awaitLeader();
            TestNode follower = group.nodes().stream()
                    .filter(node -> !node.isLeading())
                    .findFirst()
                    .orElseThrow();
            group.submit(batches.openSession("alice", CONN_ID));
            publish(group, 20);
            group.awaitApplied(follower, group.awaitLeader().machine().appliedIndex());

            group.stop(follower); // and it keeps what it has
            publish(group, 30);
            snapshotAll(group, follower);
            publish(group, 5);
            group.failingPulls.set(2);
            group.start(follower);
            agree(group);
            assertThat(group.pulls.get()).isGreaterThanOrEqualTo(3);
            assertThat(follower.machine().heartbeatsMissed(CONN_ID)).isZero();

            group.stop(follower);
            delete(follower.directory());
            publish(group, 30);
            snapshotAll(group, follower);
            int pulls = group.pulls.get();
            group.start(follower);
            agree(group);
            assertThat(group.pulls.get()).isGreaterThan(pulls);

            group.stop(follower); // what was installed is there after a restart, too
            group.start(follower);
            publish(group, 3);
            agree(group);
            assertThat(messages(follower, 1)).hasSize(88);
            for (TestNode node : group.nodes()) {
                assertThat(node.role.faults).as("faults of %s", node.id()).isEmpty();
            }
        }
    }

    /**
     * The entry before the first one left is gone on the leader, and its term with it, most of all after a restart. So the leader can't say
     * what comes before the entries that it sends, and needs to be content with the follower's word.
     */
    @Test
    void shouldGoOnWithAFollowerWhoseLogEndsRightBeforeTheFirstEntryLeft() throws Exception {
        try (TestGroup group = new TestGroup(directory, 3, TestGroup.KEEP_NOTHING)) {
            TestNode old = group.awaitLeader();
            group.submit(batches.openSession("alice", CONN_ID));
            agree(group);
            long end = old.machine().appliedIndex();
            group.stop(old); // the next leader begins a new segment, so the old ones can be cut off

            group.submit(batches.publish("alice", "orders", text("without it")));
            List<TestNode> others =
                    group.nodes().stream().filter(node -> node != old).toList();
            for (TestNode node : others) {
                group.awaitApplied(node, end + 2);
                node.snapshot();
                await("the purge").atMost(TestGroup.PATIENCE).until(() -> node.logStart() == end + 1);
            }
            for (TestNode node : others) {
                group.stop(node);
                group.start(node);
            }
            group.awaitLeader();

            group.start(old);
            agree(group);
            group.submit(batches.publish("alice", "orders", text("with it")));
            agree(group);
            assertThat(messages(old, 1)).hasSize(2);
            assertThat(group.pulls.get()).as("checkpoints pulled").isZero();
            assertThat(group.nodes())
                    .allSatisfy(node -> assertThat(node.role.faults).isEmpty());
        }
    }

    private void publish(TestGroup group, int count) {
        for (int i = 0; i < count; i++) {
            group.submit(batches.publish("alice", "orders", text("message " + i + "x".repeat(200))));
        }
    }

    private static void snapshotAll(TestGroup group, TestNode stopped) throws Exception {
        for (TestNode node : group.nodes()) {
            if (node != stopped) {
                node.snapshot();
                await("the purge").atMost(TestGroup.PATIENCE).until(() -> node.logStart() > 20);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
