package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.store.Checkpoint;
import io.stanchion.raftsm.store.InstallArea;
import io.stanchion.raftsm.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Directories of real nodes that have lost something: it comes back from the others, and what looks like a loss but is none does not matter. */
class RebuildTest {
    @TempDir
    private Path folder;

    private TestGroup group;

    @BeforeEach
    void start() throws Exception {
        group = TestGroup.start(folder);
    }

    @AfterEach
    void stop() throws Exception {
        group.close();
    }

    /** One kind of each: of the log, of the vote, of the tables. */
    @ParameterizedTest
    @EnumSource(names = {"LOG_BIT_FLIPPED", "VOTE_GONE", "TABLE_TRUNCATED"})
    void shouldComeBackFromTheOthers(Harm harm) throws Exception {
        TestMember harmed = group.follower();
        harmed.stop();
        harm.to(harmed.folder());
        assertThat(harmed.damageAtStart()).isNotEmpty();
        assertThat(group.running).doesNotContainKey(harmed.id());
        group.publish(5);

        harmed.start();
        group.awaitSameState();
        assertThat(harmed.folder()).isDirectoryContaining("glob:**/quarantined-*");
        harmed.stop();
        harmed.start();
        group.publish(1);
        group.awaitSameState();
    }

    @Test
    void shouldNoticeThatAnOldCopyOfTheDirectoryWasPutBack() throws Exception {
        TestMember harmed = group.follower();
        Path copy = folder.resolve("copy");
        harmed.stop();
        Folders.copy(harmed.folder(), copy);
        harmed.start();
        publishAndPutBack(copy, harmed);
        assertThat(harmed.damageAtStart()).contains("a copy was put in its place");
        harmed.start();
        group.awaitSameState();
    }

    /** The one node that answers has started since, and the one that has all acknowledged messages is down. */
    @Test
    void shouldNoticeAnOldCopyWhenAllHaveStopped() throws Exception {
        TestMember harmed = group.follower();
        Path copy = folder.resolve("copy");
        harmed.stop();
        Folders.copy(harmed.folder(), copy);
        harmed.start();
        group.awaitTold(harmed);
        List<TestMember> others =
                group.members.stream().filter(member -> member != harmed).toList();
        others.get(0).stop();
        group.publish(10);
        TestMember.together(group.members, TestMember::stop);
        Folders.delete(harmed.folder());
        Folders.copy(copy, harmed.folder());

        CompletableFuture<Void> first =
                CompletableFuture.runAsync(() -> others.get(0).take(TestMember::start));
        assertThat(harmed.damageAtStart()).contains("a copy was put in its place");
        others.get(1).start();
        first.get(60, TimeUnit.SECONDS);
        harmed.start();
        group.awaitSameState();
    }

    /** It ended when it had the checkpoint, and before Ratis had heard of it. */
    @Test
    void shouldGoOnFromACheckpointThatIsAheadOfItsLog() throws Exception {
        TestMember behind = group.follower();
        group.publish(3);
        group.awaitSameState();
        behind.stop();
        group.publish(20);
        pull(group.awaitLeader(), behind);

        behind.start();
        group.publish(1);
        group.awaitSameState();
        behind.stop();
        behind.start();
        group.publish(1);
        group.awaitSameState();
    }

    private static void pull(TestMember source, TestMember behind) throws IOException {
        InstallArea area = Store.installArea(behind.folder(), Encryption.off());
        Path incoming = area.newIncoming();
        try (Checkpoint checkpoint = source.machine().newCheckpoint()) {
            for (Path file : checkpoint.files()) {
                Files.copy(file, incoming.resolve(file.getFileName()));
            }
            area.accept(checkpoint.position(), 0);
        }
    }

    /** The copy is of a moment at which this very process ran, so that only the log and the vote are older. */
    @Test
    void shouldNoticeThatTheLogHasLostWhatWasCommittedLast() throws Exception {
        TestMember harmed = group.follower();
        Path copy = folder.resolve("copy");
        Folders.copy(harmed.folder(), copy);
        publishAndPutBack(copy, harmed);
        assertThat(harmed.damageAtStart()).contains("the Raft log ends at entry");
        harmed.start();
        group.awaitSameState();
    }

    @Test
    void shouldTakeNothingAmissWhenAllStopAndStart() throws Exception {
        for (int round = 0; round < 2; round++) {
            for (TestMember member : group.members) {
                member.stop();
                member.start();
                group.publish(1);
            }
        }
        group.awaitSameState();
        assertThat(group.members)
                .allSatisfy(member -> assertThat(member.folder()).isDirectoryNotContaining("glob:**/quarantined-*"));
    }

    @Test
    void shouldFindWhatGoesBadWhileTheNodeRuns() throws Exception {
        TestMember follower = group.follower();
        follower.stop();
        follower.start();
        group.awaitSameState();
        assertThat(follower.scrub()).isEmpty();
        Harm.TABLE_BIT_FLIPPED.to(follower.folder());
        assertThat(follower.scrub()).contains("can't be read");

        TestMember leader = group.awaitLeader();
        assertThat(leader.scrub()).isEmpty();
        Harm.LOG_BIT_FLIPPED.to(leader.folder());
        assertThat(leader.scrub()).contains("does not match its checksum");
    }

    @Test
    void shouldCutOffAnEntryThatWasNotWrittenAsAWhole() throws Exception {
        TestMember killed = group.follower();
        killed.stop();
        Harm.appendHalfAnEntry(killed.folder());
        killed.start();
        group.publish(5);
        group.awaitSameState();
        assertThat(killed.folder()).isDirectoryNotContaining("glob:**/quarantined-*");
    }

    private void publishAndPutBack(Path copy, TestMember member) throws Exception {
        group.publish(10);
        group.awaitSameState();
        group.awaitTold(member);
        member.stop();
        Folders.delete(member.folder());
        Folders.copy(copy, member.folder());
    }
}
