package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stanchion.raftsm.cipher.Encryption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

/** A node with a log, and what the others remember of it: one that has less than it had must not vote. */
class RememberedStartTest extends MembershipFixture {
    @Test
    void shouldVoteWithALogWhenNobodyRemembersMore() throws Exception {
        beMemberWithALog();
        assertThat(membership("b", "c").mayVote()).isTrue();
        assertThat(others.calls).containsExactlyInAnyOrder("ask b", "ask c");
    }

    @Test
    void shouldVoteAloneWithALogWithoutAskingAnybody() throws Exception {
        beMemberWithALog();
        assertThat(membership().mayVote()).isTrue();
        assertThat(others.calls).isEmpty();
    }

    @Test
    void shouldNotVoteWithAnOldCopyOfWhichOneOfAMajorityKnows() throws Exception {
        beMemberWithALog();
        others.node("b").isUp = false;
        others.node("c").heardOf = 5;
        assertThatThrownBy(() -> membership("b", "c").mayVote())
                .isInstanceOf(DamagedDataException.class)
                .hasMessageContaining("older than what node c has seen");
    }

    @Test
    void shouldNotVoteWithAnOldCopyBecauseItWasStartedTwice() throws Exception {
        beMemberWithALog();
        others.node("b").isUp = false;
        others.node("c").isUp = false;
        others.onCall = () -> stopped = true;
        assertThatThrownBy(() -> membership("b", "c").mayVote()).isInstanceOf(InterruptedException.class);
        startAgain(1_000);
        others.onCall = () -> {};
        others.node("c").isUp = true;
        others.node("c").heardOf = 5;
        assertThatThrownBy(() -> membership("b", "c").mayVote()).isInstanceOf(DamagedDataException.class);
    }

    @Test
    void shouldBeginItsNextLifeAfterWhatTheOthersRememberThoughTheClockIsBehind() throws Exception {
        beMemberWithALog();
        others.node("c").heardOf = 5_000;
        assertThatThrownBy(() -> membership("b", "c").mayVote()).isInstanceOf(DamagedDataException.class);
        startAgain(2);
        assertThat(data.incarnation()).isGreaterThan(5_000);
    }

    @Test
    void shouldVoteWithAnOldCopyWhenAnOperatorHasTakenTheNoteAway() throws Exception {
        beMemberWithALog();
        others.node("c").heardOf = 5;
        assertThatThrownBy(() -> membership("b", "c").mayVote()).isInstanceOf(DamagedDataException.class);
        data.noteDoubt("it is older");
        Files.delete(folder.resolve(SetAside.MARK));
        startAgain(2);
        assertThat(membership("b", "c").mayVote()).isTrue();
    }

    @Test
    void shouldTakeNothingAmissWhenTheOthersHaveHeardOfItsLastStart() throws Exception {
        beMemberWithALog();
        for (int start = 0; start < 3; start++) {
            Membership membership = membership("b", "c");
            assertThat(membership.mayVote()).isTrue();
            membership.complete(place);
            others.node("b").heardOf = data.incarnation();
            data.exceed(data.incarnation() + 7);
            others.node("c").heardOf = data.incarnation();
            startAgain(start);
        }
    }

    @Test
    void shouldWaitForAMajorityToSayWhatItRemembers() throws Exception {
        beMemberWithALog();
        others.node("b").isUp = false;
        others.node("c").upAfter = 2;
        Membership membership = membership("b", "c");
        List<String> waiting = new CopyOnWriteArrayList<>();
        others.onCall = () -> waiting.add(membership.waitingFor());
        assertThat(membership.mayVote()).isTrue();
        assertThat(others.calls.stream().filter("ask c"::equals)).hasSize(3);
        assertThat(waiting).contains("waiting for 1 of the nodes b, c to say what they remember of this node");
        assertThat(membership.waitingFor()).isEmpty();
    }

    @Test
    void shouldNotWaitForAPeerThatWasRemovedAndIsGone() throws Exception {
        beMemberWithALog();
        logMembers("a", "b");
        others.node("gone").isUp = false;
        others.node("gone too").isUp = false;
        assertThat(membership("b", "gone", "gone too").mayVote()).isTrue();
    }

    @Test
    void shouldNotCountAPeerThatWasRemoved() throws Exception {
        beMemberWithALog();
        logMembers("a", "b", "c");
        others.node("b").isUp = false;
        others.node("c").upAfter = 1;
        assertThat(membership("b", "c", "removed").mayVote()).isTrue();
        assertThat(others.calls.stream().filter("ask c"::equals)).hasSize(2);
        assertThat(others.calls.stream().filter("ask removed"::equals)).hasSize(1);
    }

    @Test
    void shouldDoubtItsDataWhenANodeThatWasDownAtItsStartRemembersMore() throws Exception {
        beMemberWithALog();
        others.node("c").isUp = false;
        Membership membership = membership("b", "c");
        assertThat(membership.mayVote()).isTrue();
        membership.complete(place);
        others.node("c").isUp = true;
        others.node("c").heardOf = 5;
        place.term = 1;
        place.committed = 1;
        membership.attend(place, onTurn);
        assertThat(turns).singleElement().asString().contains("older than what node c has seen");
        assertThat(others.calls).contains("tell b").doesNotContain("tell c");
    }

    /** Put back on a machine whose configuration has followed the group since. */
    @Test
    void shouldWaitForTheMembersOfItsLogThoughTheConfigurationNamesNoneOfThem() throws Exception {
        beMemberWithALog();
        logMembers("a", "b", "c");
        others.node("b").isUp = false;
        others.node("c").isUp = false;
        others.onCall = () -> stopped = others.calls.size() > 8;
        Membership membership = membership("d", "e");
        assertThatThrownBy(membership::mayVote).isInstanceOf(InterruptedException.class);
        assertThat(membership.waitingFor())
                .isEqualTo("waiting for 1 of the nodes b, c to say what they remember of this node");
        assertThat(others.calls).contains("ask b", "ask c", "ask d", "ask e");
    }

    @Test
    void shouldGoByTheMembersThatTheLeaderNames() throws Exception {
        beMemberWithALog();
        logMembers("a", "b", "c");
        others.node("b").isUp = false;
        others.node("c").isUp = false;
        others.node("d").leader = "d";
        others.node("d").members = List.of("a", "d", "e");
        others.node("e").isUp = false;
        assertThat(membership("d").mayVote()).isTrue();
        assertThat(others.reached.get("e").host()).isEqualTo("new-e");
    }

    /** It may have been away, and name those of an earlier time, who were fewer. */
    @Test
    void shouldNotGoByTheMembersThatANodeNamesWhichOnlyHearsOfALeader() throws Exception {
        beMemberWithALog();
        logMembers("a", "b", "c", "d", "e");
        others.node("d").leader = "c";
        others.node("d").members = List.of("a", "c", "d");
        for (String down : List.of("b", "c", "e")) {
            others.node(down).isUp = false;
        }
        others.onCall = () -> stopped = others.calls.size() > 12;
        Membership membership = membership("b", "c", "d", "e");
        assertThatThrownBy(membership::mayVote).isInstanceOf(InterruptedException.class);
        assertThat(membership.waitingFor()).contains("waiting for 1 of the nodes b, c, e");
    }

    @Test
    void shouldTellTheMembersOfItsLogHowFarItIs() throws Exception {
        beMemberWithALog();
        logMembers("a", "b", "d");
        Membership membership = membership("b", "c");
        assertThat(membership.mayVote()).isTrue();
        membership.complete(place);
        place.term = 1;
        place.committed = 1;
        others.onCall = () -> stopped = others.calls.contains("tell d");
        membership.attend(place, onTurn);
        assertThat(others.calls).contains("tell b", "tell d", "standing d").doesNotContain("tell c");
    }

    @Test
    void shouldRefuseToStartAsAMemberWithAConfigurationThatNamesNobodyElse() throws Exception {
        beMemberWithALog();
        logMembers("a", "b", "c");
        assertThatThrownBy(() -> membership().mayVote())
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("is of a member of a cluster with b=log-b:4300, c=log-c:4300")
                .hasMessageContaining("write the members into peers");
    }

    private void beMemberWithALog() throws IOException {
        data.enter(DataDirectory.Stage.MEMBER);
        Files.writeString(current().resolve("raft-meta"), "votedFor=a\nterm=1\n");
    }

    private void logMembers(String... nodeIds) throws IOException {
        RaftConfigurationProto.Builder group = RaftConfigurationProto.newBuilder();
        for (String nodeId : nodeIds) {
            group.addPeers(RaftPeerProto.newBuilder()
                    .setId(ByteString.copyFromUtf8(nodeId))
                    .setAddress("log-" + nodeId + ":4301")
                    .setClientAddress("log-" + nodeId + ":4300"));
        }
        LogEntryProto entry =
                LogEntryProto.newBuilder().setConfigurationEntry(group).build();
        Files.write(current().resolve("raft-meta.conf"), entry.toByteArray());
    }

    private Path current() throws IOException {
        return Files.createDirectories(data.raft().resolve("group/current"));
    }

    private void startAgain(long nowMillis) throws IOException {
        data.close();
        data = DataDirectory.open(folder, "orders", "a", Encryption.off(), nowMillis);
        stopped = false;
    }
}
