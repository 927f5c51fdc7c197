package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may vote, and what the others are asked before. */
class MembershipTest extends MembershipFixture {
    @Test
    void shouldVoteAtOnceOnItsFirstStartAlone() throws Exception {
        Membership membership = membership();
        assertThat(membership.mayVote()).isTrue();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.NEW);
        membership.complete(place);
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.MEMBER);
        assertThat(others.calls).isEmpty();
    }

    @Test
    void shouldNotBeginAClusterWithAMajorityThatEncryptsOtherwise() {
        others.node("b").keyCheck = "another key";
        others.node("c").keyCheck = "another key";
        assertThatThrownBy(() -> membership("b", "c").mayVote())
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("the nodes b, c do not encrypt as this node does")
                .hasMessageContaining("give it the same encrypt and encryption key");
        assertThat(data.knows("b")).isFalse();
    }

    @Test
    void shouldBeginAClusterWithoutTheOneNodeThatEncryptsOtherwise() throws Exception {
        others.node("b").keyCheck = "another key";
        assertThat(membership("b", "c").mayVote()).isTrue();
        assertThat(data.knows("b")).isFalse();
        assertThat(data.knows("c")).isTrue();
    }

    @Test
    void shouldRefuseToStartAloneWithoutTheLogItHad() throws Exception {
        data.enter(DataDirectory.Stage.MEMBER);
        assertThatThrownBy(() -> membership().mayVote())
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("has lost its Raft log")
                .hasMessageContaining("restore the directory, or empty it");
    }

    @Test
    void shouldNotVoteWhenItWasAMemberAndNothingIsLeftInItsLog() throws Exception {
        others.node("b").leader = "b";
        data.enter(DataDirectory.Stage.MEMBER);
        Files.createDirectories(data.raft().resolve("group/current"));
        assertThat(membership("b", "c").mayVote()).isFalse();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.REJOINING);
    }

    @Test
    void shouldNotVoteWhenItWasAMemberAndHasNoLog() throws Exception {
        others.node("b").leader = "b";
        data.enter(DataDirectory.Stage.MEMBER);
        assertThat(membership("b", "c").mayVote()).isFalse();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.REJOINING);
        assertThat(others.calls).containsExactly("standing b", "expel b");
    }

    @Test
    void shouldNotVoteWhenItWasInterruptedWhileItRejoinedThoughThereIsALogBegun() throws Exception {
        others.node("b").leader = "b";
        data.enter(DataDirectory.Stage.REJOINING);
        Files.createDirectories(data.raft().resolve("group"));
        assertThat(membership("b", "c").mayVote()).isFalse();
    }

    @Test
    void shouldVoteWhenAMajorityHasNeverMetIt() throws Exception {
        others.node("b").isUp = false;
        assertThat(membership("b", "c").mayVote()).isTrue();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.NEW);
    }

    @Test
    void shouldNotVoteWhenSomebodyHasMetItBeforeItsDirectoryWasEmptied() throws Exception {
        others.node("b").isUp = false;
        others.node("c").metBirth = "an earlier life";
        others.node("c").leader = "c";
        assertThat(membership("b", "c").mayVote()).isFalse();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.REJOINING);
    }

    @Test
    void shouldWaitForAMajority() throws Exception {
        others.node("b").isUp = false;
        others.node("c").upAfter = 2;
        assertThat(membership("b", "c").mayVote()).isTrue();
        assertThat(others.calls.stream().filter("standing c"::equals)).hasSize(3);
    }

    @Test
    void shouldNotTakeItsOwnQuestionOfAMomentAgoForAnEarlierLife() throws Exception {
        others.node("c").isUp = false;
        others.node("d").upAfter = 2;
        others.node("e").isUp = false;
        assertThat(membership("b", "c", "d", "e").mayVote()).isTrue();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.NEW);
        assertThat(others.calls.stream().filter("standing b"::equals)).hasSize(1);
    }

    @Test
    void shouldNotTakeAQuestionWhoseAnswerWasLostForAnEarlierLife() throws Exception {
        others.node("b").losesAnswer = true;
        others.node("c").isUp = false;
        assertThat(membership("b", "c").mayVote()).isTrue();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.NEW);
    }

    @Test
    void shouldRememberThoseWhomItHasAskedBecauseTheyMayNeverAskItself() throws Exception {
        assertThat(membership("b").mayVote()).isTrue();
        assertThat(data.remember("b", "a second life")).isTrue();
    }

    @Test
    void shouldMeetThoseWhoWereDownAtItsStart() throws Exception {
        others.node("c").isUp = false;
        Membership membership = membership("b", "c");
        assertThat(membership.mayVote()).isTrue();
        membership.complete(place);
        others.node("c").isUp = true;
        others.onCall = () -> stopped = true; // in this one round
        membership.attend(place, onTurn);

        assertThat(data.remember("c", "a second life")).isTrue();
    }

    @Test
    void shouldWaitToBeAddedToAClusterThatHasNeverHadIt() throws Exception {
        others.node("b").members = List.of("b", "c");
        Membership membership = membership("b", "c");
        assertThat(membership.mayVote()).isFalse();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.JOINING);

        place.memberAfter = 3;
        others.node("b").leader = "b";
        others.node("b").members = List.of("a", "b", "c");
        others.node("b").ourRaftId = data.raftId();
        membership.complete(place);
        assertThat(others.calls)
                .as("at the start, for the members, and for the leader's word")
                .containsExactly("standing b", "standing b", "standing b");
        assertThat(data.raftId()).as("no leader has looked for it elsewhere").startsWith("a~");
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.MEMBER);
    }

    /** What it has of the log begins with a time when it was a member once. */
    @Test
    void shouldNotTakeItselfForAMemberBeforeTheLeaderSaysSo() throws Exception {
        data.join(self.toString());
        Membership membership = membership("b");
        others.node("b").leader = "b";
        others.node("b").members = List.of("a", "b");
        others.node("b").isCommitted = false;
        others.node("b").ourRaftId = data.raftId();
        others.onCall = () -> stopped = others.calls.size() > 3;
        membership.complete(place);
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.JOINING);

        others.node("b").isCommitted = true;
        others.node("b").ourRaftId = "a~earlier";
        others.calls.clear();
        stopped = false;
        membership.complete(place);
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.JOINING);
        assertThat(membership.waitsToBeAdded()).isTrue();
    }

    @Test
    void shouldNotThinkItWasRemovedByAChangeThatIsNotCommitted() throws Exception {
        data.enter(DataDirectory.Stage.MEMBER);
        others.node("b").leader = "b";
        others.node("b").members = List.of("b", "c");
        others.node("b").isCommitted = false;
        place.hasLeader = false;
        others.onCall = () -> stopped = others.calls.size() > 4;
        membership("b").attend(place, onTurn);
        assertThat(turns).isEmpty();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.MEMBER);
    }

    /** A copy of the directory, from when it waited, was put back. */
    @Test
    void shouldComeInAgainWhenTheOthersHaveHeardFromItAsAMemberThoughItsDirectorySaysItWaits() throws Exception {
        data.join(self.toString());
        String before = data.raftId();
        others.node("b").leader = "b";
        others.node("c").heardOfTerm = 3;
        assertThat(membership("b", "c").mayVote()).isFalse();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.REJOINING);
        assertThat(data.raftId()).isNotEqualTo(before);
        assertThat(others.calls).contains("expel b");
    }

    @Test
    void shouldKeepTheNameUnderWhichItWaitsUnlessItsPlaceChanges() throws Exception {
        data.join(self.toString());
        String first = data.raftId();
        assertThat(membership("b").mayVote()).isFalse();
        assertThat(data.raftId()).as("the leader may be taking it in").isEqualTo(first);
        self = new GroupMember("a", "10.0.0.7", 4300, 4301);
        assertThat(membership("b").mayVote()).isFalse();
        assertThat(data.raftId()).startsWith("a~").isNotEqualTo(first);
    }

    /** The leader has added it and died at once; the others know of its word only. */
    @Test
    void shouldBeAMemberWhenItLeadsBeforeItHasHeardThatItIsOne() throws Exception {
        data.join(self.toString());
        Membership membership = membership("b", "c");
        assertThat(membership.mayVote()).isFalse();
        for (String other : List.of("b", "c")) {
            others.node(other).leader = "a";
            others.node(other).members = List.of("a", "b", "c");
        }
        place.leads = true;
        others.onCall = () -> stopped = others.calls.size() > 20;
        membership.complete(place);
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.MEMBER);
    }

    @Test
    void shouldLearnWhoTheMembersAreThoughNobodyLedWhenItStarted() throws Exception {
        others.node("b").members = List.of("b", "c");
        Membership membership = membership("b", "c");
        assertThat(membership.mayVote()).isFalse();
        assertThat(membership.membersByHearsay()).isEmpty();

        others.node("b").leader = "b";
        place.memberAfter = 10;
        others.onCall = () -> stopped = true;
        membership.complete(place);
        assertThat(membership.membersByHearsay())
                .extracting(GroupMember::nodeId)
                .containsExactly("b", "c");
    }

    @Test
    void shouldStillWaitToBeAddedAfterAnotherStart() throws Exception {
        data.enter(DataDirectory.Stage.JOINING);
        Files.createDirectories(data.raft().resolve("group"));
        Membership membership = membership("b", "c");
        assertThat(membership.mayVote()).isFalse();
        stopped = true;
        place.memberAfter = 1;
        membership.complete(place);
        assertThat(membership.waitingFor()).isEmpty();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.JOINING);
    }

    @Test
    void shouldVoteInANewClusterWhoseOthersAreAlreadyOneWithIt() throws Exception {
        others.node("b").members = List.of("a", "b", "c");
        assertThat(membership("b", "c").mayVote()).isTrue();
    }

    @Test
    void shouldNoticeThatItWasRemovedWhenItHearsOfNoLeaderAndTheOthersHaveOne() throws Exception {
        data.enter(DataDirectory.Stage.MEMBER);
        others.node("b").isUp = false;
        others.node("c").leader = "c";
        others.node("c").members = List.of("b", "c", "d");
        place.hasLeader = false;
        membership("b", "c").attend(place, onTurn);

        assertThat(turns).containsExactly("removed");
        assertThatThrownBy(() -> membership("b", "c").mayVote())
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("was removed from the cluster; empty it");
    }

    @Test
    void shouldNotThinkItWasRemovedByThoseWhoHaveNoLeaderEither() throws Exception {
        data.enter(DataDirectory.Stage.MEMBER);
        others.node("b").members = List.of("b", "c");
        place.hasLeader = false;
        others.onCall = () -> stopped = others.calls.size() > 4;
        membership("b").attend(place, onTurn);
        assertThat(turns).isEmpty();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.MEMBER);
    }

    @Test
    void shouldNoticeThatItWasRemovedWhenItsConfigurationDoesNotNameTheLeader() throws Exception {
        data.enter(DataDirectory.Stage.MEMBER);
        others.node("b").leader = "d";
        others.node("b").members = List.of("b", "d");
        others.node("d").leader = "d";
        others.node("d").members = List.of("b", "d");
        place.hasLeader = false;
        others.onCall = () -> stopped = others.calls.size() > 20;
        membership("b").attend(place, onTurn);
        assertThat(turns).containsExactly("removed");
        assertThat(others.reached.get("d").host()).isEqualTo("new-d");
    }

    @Test
    void shouldAskALeaderThatItsConfigurationDoesNotName() throws Exception {
        data.enter(DataDirectory.Stage.REJOINING);
        others.node("b").leader = "d";
        others.node("b").members = List.of("a", "b", "d");
        assertThat(membership("b", "c").mayVote()).isFalse();
        assertThat(others.calls).containsExactly("standing b", "expel d");
        assertThat(others.reached.get("d").host()).isEqualTo("new-d");
        assertThat(others.reached.get("c").host()).isEqualTo("old-c");
    }

    @Test
    void shouldComeAgainUnderAnotherNameWhenTheClusterLooksForItElsewhere() throws Exception {
        data.enter(DataDirectory.Stage.MEMBER);
        self = new GroupMember("a", "10.0.0.7", 4300, 4301);
        place.hasLeader = false;
        others.node("b").leader = "b";
        others.node("b").members = List.of("a", "b", "c");
        membership("b", "c").attend(place, onTurn);
        assertThat(turns).containsExactly("the cluster looks for this node at a=new-a:4300, and it is a=10.0.0.7:4300");
        assertThat(data.raftId()).startsWith("a~");
        assertThat(membership("b", "c").isOutside()).isTrue();

        others.calls.clear();
        Membership again = membership("b", "c");
        again.complete(place);
        assertThat(others.calls).containsExactly("standing b", "move to b");
        assertThat(others.admitted).isEqualTo(data.raftId());
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.MEMBER);
    }

    @Test
    void shouldComeBackUnderOneOtherNameUnlessItsPlaceChanges() throws Exception {
        data.enter(DataDirectory.Stage.MEMBER);
        others.node("b").leader = "b";
        assertThat(membership("b").mayVote()).isFalse();
        String first = data.raftId();
        assertThat(first).startsWith("a~");

        assertThat(membership("b").mayVote()).isFalse();
        assertThat(data.raftId()).as("the leader may still be taking it in").isEqualTo(first);
        self = new GroupMember("a", "10.0.0.7", 4300, 4301);
        assertThat(membership("b").mayVote()).isFalse();
        assertThat(data.raftId()).isNotEqualTo(first);
        membership("b").complete(place);
        assertThat(others.admitted).isEqualTo(data.raftId());
    }

    @Test
    void shouldNotDriveAwayAnotherDirectoryThatHasTakenItsPlace() throws Exception {
        data.enter(DataDirectory.Stage.MEMBER);
        self = new GroupMember("a", "10.0.0.7", 4300, 4301);
        place.hasLeader = false;
        others.node("b").leader = "b";
        others.node("b").members = List.of("a", "b", "c");
        others.node("b").ending = "~f00d";
        others.onCall = () -> stopped = others.calls.size() > 4;
        Membership membership = membership("b");
        membership.attend(place, onTurn);
        assertThat(turns).isEmpty();
        assertThat(membership.waitingFor()).contains("another node with this node_id");
        assertThat(data.raftId()).isEqualTo("a");

        place.hasLeader = true;
        place.onQuestion = () -> stopped = true; // in this one round
        stopped = false;
        membership.attend(place, onTurn);
        assertThat(membership.waitingFor()).isEmpty();
    }

    @Test
    void shouldStayWhereItIsFoundWhateverItsConfigurationSays() throws Exception {
        data.enter(DataDirectory.Stage.MEMBER);
        self = new GroupMember("a", "host-a.example", 4300, 4301);
        others.node("b").leader = "b";
        others.node("b").members = List.of("a", "b", "c");
        place.onQuestion = () -> stopped = true; // in this one round
        membership("b").attend(place, onTurn);
        assertThat(turns).isEmpty();
        assertThat(data.raftId()).isEqualTo("a");
    }

    @Test
    void shouldBeOutsideUntilTheClusterHasTakenItIn() throws Exception {
        data.join(self.toString());
        place.memberAfter = 2;
        others.node("b").leader = "b";
        others.node("b").members = List.of("a", "b");
        others.node("b").ourRaftId = data.raftId();
        Membership membership = membership("b");
        assertThat(membership.isOutside()).isTrue();

        membership.complete(place);

        assertThat(membership.isOutside()).isFalse();
    }

    @Test
    void shouldBeOutOfTheGroupBeforeItForgetsWhatAnEarlierAttemptToComeInHasWritten() throws Exception {
        data.enter(DataDirectory.Stage.REJOINING);
        Path vote = Files.createDirectories(data.raft().resolve("group")).resolve("vote");
        Files.writeString(vote, "for b");
        others.node("b").leader = "b";
        others.refusals.add("not now");
        others.onCall = () -> assertThat(vote).exists();
        assertThat(membership("b", "c").mayVote()).isFalse();

        assertThat(others.calls).contains("expel b");
        assertThat(data.hasLog()).isFalse();
    }

    @Test
    void shouldStopWaitingForOthersWhenTheNodeStops() {
        others.node("b").isUp = false;
        others.node("c").isUp = false;
        others.onCall = () -> stopped = true;
        Membership membership = membership("b", "c");
        assertThatThrownBy(membership::mayVote).isInstanceOf(InterruptedException.class);
        assertThat(membership.waitingFor()).isEqualTo("waiting for 1 of the nodes b, c to begin a new cluster");
    }

    @Test
    void shouldBeAMemberWhenTheLeaderHasTakenItIn() throws Exception {
        data.enter(DataDirectory.Stage.REJOINING);
        others.node("b").leader = "c";
        Membership membership = membership("b", "c");
        assertThat(membership.mayVote()).isFalse();
        membership.complete(place);

        assertThat(others.calls).containsExactly("standing b", "expel c", "standing b", "admit c");
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.MEMBER);
    }

    @Test
    void shouldAskAgainUntilALeaderTakesItIn() throws Exception {
        data.enter(DataDirectory.Stage.REJOINING);
        others.node("b").upAfter = 1;
        others.node("b").leader = "b";
        others.node("c").leader = "a"; // this node itself, as it was
        others.refusals.add("this node does not lead");
        membership("b", "c").complete(place);

        assertThat(others.calls.stream().filter("admit b"::equals)).hasSize(2);
        assertThat(others.calls).doesNotContain("admit a");
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.MEMBER);
    }

    @Test
    void shouldStillBeRejoiningWhenTheNodeStopsBeforeItIsTakenIn() throws Exception {
        data.enter(DataDirectory.Stage.REJOINING);
        others.node("b").leader = "b";
        others.refusals.add("not now");
        others.onCall = () -> stopped = true;
        membership("b", "c").complete(place);

        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.REJOINING);
    }

    @Test
    void shouldSetDoubtedDataAsideWhenItIsOutOfTheGroup() throws Exception {
        Path vote = doubtedVote();
        others.node("b").leader = "b";
        others.refusals.add("without node a only 1 of 3 members can be reached");
        others.onCall = () -> assertThat(vote).exists();
        assertThat(membership("b", "c").mayVote()).isFalse();

        assertThat(others.calls).contains("expel b");
        assertThat(vote).doesNotExist();
        assertThat(data.doubt()).isEmpty();
        assertThat(data.lastReason()).isEqualTo("a bad block");
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.REJOINING);
    }

    @Test
    void shouldNotTouchDoubtedDataWhileNobodyLeads() throws Exception {
        Path vote = doubtedVote();
        others.onCall = () -> stopped = others.calls.size() > 4;
        Membership membership = membership("b", "c");
        assertThatThrownBy(membership::mayVote).isInstanceOf(InterruptedException.class);

        assertThat(membership.waitingFor())
                .contains("waiting for a majority of the other nodes to do without this one", "(a bad block)");
        assertThat(vote).exists();
        assertThat(data.stage()).isEqualTo(DataDirectory.Stage.MEMBER);
    }

    @Test
    void shouldRefuseToStartAloneWithDoubtedData() throws Exception {
        Path vote = doubtedVote();
        assertThatThrownBy(() -> membership().mayVote())
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("is damaged (a bad block)")
                .hasMessageContaining("restore it from a copy");
        assertThat(vote).exists();
    }

    @Test
    void shouldRefuseToStartWhenItsDataHasToBeReplacedTimeAndAgain() throws Exception {
        others.node("b").leader = "b";
        Files.createDirectories(folder.resolve("quarantined-99990101T000000Z"));
        Files.createDirectories(folder.resolve("quarantined-99990102T000000Z"));
        Path vote = doubtedVote();
        assertThatThrownBy(() -> membership("b", "c").mayVote())
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("for the third time within an hour; replace the disk");
        assertThat(vote).exists();
    }

    private Path doubtedVote() throws IOException {
        data.enter(DataDirectory.Stage.MEMBER);
        Path vote = Files.createDirectories(data.raft().resolve("group")).resolve("vote");
        Files.writeString(vote, "for b");
        data.noteDoubt("a bad block");
        return vote;
    }
}
