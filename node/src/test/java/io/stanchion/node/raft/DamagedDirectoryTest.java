package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.stanchion.raftsm.ratis.LogBudget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Directories of real nodes, harmed while these are down. What is missing there must not be voted with; it comes back from the others. */
class DamagedDirectoryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final Map<String, TestMember> running = new ConcurrentHashMap<>();
    private List<TestMember> members = List.of();
    private int published;

    @BeforeEach
    void start() throws Exception {
        List<GroupMember> voters = new ArrayList<>();
        for (String id : List.of("a", "b", "c")) {
            voters.add(new GroupMember(id, "127.0.0.1", freePort(), freePort()));
        }
        members = voters.stream()
                .map(self -> new TestMember(
                        new RaftSettings("orders", self.nodeId(), "127.0.0.1", voters, true, 300, 600),
                        folder.resolve(self.nodeId()),
                        LogBudget.defaults(),
                        running))
                .toList();
        CompletableFuture.allOf(members.stream()
                        .map(member ->
                                CompletableFuture.runAsync(() -> start(member), task -> new Thread(task).start()))
                        .toArray(CompletableFuture<?>[]::new))
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        CompletableFuture<String> answer = new CompletableFuture<>();
        members.get(0).log().append(Commands.openSession("me"), reply -> answer.complete(reply.getError()));
        assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEmpty();
        publish(40);
        awaitLeader().raft().group().handOver(); // a new term begins a new segment
        awaitLeader();
        publish(10);
        awaitSameState();
    }

    @AfterEach
    void stop() throws IOException {
        for (TestMember member : members) {
            member.stop();
        }
        assertThat(members).allSatisfy(member -> assertThat(member.faults).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TABLE_BIT_FLIPPED") // which no start can find
    void shouldNotVoteAndComeBackFromTheOthers(Harm harm) throws Exception {
        TestMember harmed = follower();
        harmed.stop();
        harm.to(folder.resolve(harmed.id()));
        assertThat(damageAtStart(harmed)).isNotEmpty();
        assertThat(running).doesNotContainKey(harmed.id());
        publish(5);

        harmed.start();
        awaitSameState();
        assertThat(folder.resolve(harmed.id())).isDirectoryContaining("glob:**/quarantined-*");
        harmed.stop();
        harmed.start();
        publish(1);
        awaitSameState();
    }

    @Test
    void shouldNoticeThatAnOldCopyOfTheDirectoryWasPutBack() throws Exception {
        TestMember harmed = follower();
        Path data = folder.resolve(harmed.id());
        harmed.stop();
        copy(data, folder.resolve("copy"));
        harmed.start();
        publish(10);
        awaitSameState();
        awaitTold(harmed);
        harmed.stop();
        delete(data);
        copy(folder.resolve("copy"), data);
        assertThat(damageAtStart(harmed)).contains("a copy was put in its place");
        harmed.start();
        awaitSameState();
    }

    /** The copy is of a moment at which this very process ran, so that only the log and the vote are older. */
    @Test
    void shouldNoticeThatTheLogHasLostWhatWasCommittedLast() throws Exception {
        TestMember harmed = follower();
        Path data = folder.resolve(harmed.id());
        copy(data, folder.resolve("copy"));
        publish(10);
        awaitSameState();
        awaitTold(harmed);
        harmed.stop();
        delete(data);
        copy(folder.resolve("copy"), data);
        assertThat(damageAtStart(harmed)).contains("the Raft log ends at entry");
        harmed.start();
        awaitSameState();
    }

    @Test
    void shouldTakeNothingAmissWhenAllStopAndStart() throws Exception {
        for (int round = 0; round < 2; round++) {
            for (TestMember member : members) {
                member.stop();
                member.start();
                publish(1);
            }
        }
        awaitSameState();
        assertThat(folder.resolve("a")).isDirectoryNotContaining("glob:**/quarantined-*");
    }

    @Test
    void shouldFindABadBlockWhileTheNodeRuns() throws Exception {
        TestMember follower = follower();
        follower.stop();
        follower.start();
        awaitSameState();
        assertThat(follower.scrub()).isEmpty();
        Harm.TABLE_BIT_FLIPPED.to(folder.resolve(follower.id()));
        assertThat(follower.scrub()).contains("can't be read");
    }

    @Test
    void shouldFindABadEntryOfTheLogWhileTheNodeRuns() throws Exception {
        TestMember follower = follower();
        assertThat(follower.scrub()).isEmpty();
        Harm.LOG_BIT_FLIPPED.to(folder.resolve(follower.id()));
        assertThat(follower.scrub()).contains("does not match its checksum");
    }

    @Test
    void shouldCutOffAnEntryThatWasNotWrittenAsAWhole() throws Exception {
        TestMember killed = follower();
        killed.stop();
        Harm.appendHalfAnEntry(folder.resolve(killed.id()));
        killed.start();
        publish(5);
        awaitSameState();
        assertThat(folder.resolve(killed.id())).isDirectoryNotContaining("glob:**/quarantined-*");
    }

    private static String damageAtStart(TestMember member) {
        Throwable failure = catchThrowable(member::start);
        assertThat(failure).isNotNull();
        return Quarantine.damageIn(failure);
    }

    /** The others have heard how far it is. */
    private void awaitTold(TestMember member) {
        awaiting()
                .until(() -> running.values().stream()
                        .filter(other -> other != member)
                        .allMatch(other ->
                                other.hasHeardFrom(member, member.raft().committed())));
    }

    private static void start(TestMember member) {
        try {
            member.start();
        } catch (IOException e) {
            throw new IllegalStateException("node " + member.id(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            TestPublication publication = new TestPublication("orders", "me", "m" + published++ + "x".repeat(500));
            running.values().iterator().next().log().publish(publication);
            awaiting().until(() -> publication.answers, List.of(TestPublication.STORED)::equals);
        }
    }

    private void awaitSameState() {
        awaiting().untilAsserted(() -> {
            assertThat(running).hasSize(3);
            assertThat(running.values())
                    .allSatisfy(member -> assertThat(
                                    member.machine().view().totals().messages())
                            .isEqualTo(published));
        });
    }

    private TestMember follower() {
        TestMember leader = awaitLeader();
        return running.values().stream()
                .filter(member -> member != leader)
                .findFirst()
                .orElseThrow();
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

    private static ConditionFactory awaiting() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delete(Path data) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Below the range from which the kernel serves outgoing connections, so that it is free again after a stop. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException e) {
                // taken; another one then
            }
        }
    }
}
