package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.node.raft.Followers.Word;
import org.apache.ratis.proto.RaftProtos.LeaderInfoProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

/** Whom a leader takes for living. */
class FollowersTest {
    private static final long SILENT_MAX = 1_000;

    @Test
    void shouldHearAFollowerThatHasAnsweredInThisTerm() {
        assertThat(wordOfB(50, 20)).isEqualTo(Word.HEARD);
        assertThat(wordOfB(60_000, 1_000)).isEqualTo(Word.HEARD);
    }

    @Test
    void shouldNotKnowOfAFollowerThatHasNotAnsweredYetInAYoungTerm() {
        assertThat(wordOfB(50, 650)).isEqualTo(Word.UNKNOWN);
        assertThat(wordOfB(1_000, 1_600)).isEqualTo(Word.UNKNOWN);
    }

    @Test
    void shouldTakeAFollowerForSilentThatHasNotAnsweredForLong() {
        assertThat(wordOfB(1_001, 1_601)).isEqualTo(Word.SILENT);
        assertThat(wordOfB(60_000, 1_001)).isEqualTo(Word.SILENT);
    }

    @Test
    void shouldTakeANodeForSilentThatDoesNotFollow() {
        assertThat(followers(60_000, follower("b", 1)).wordOf("c")).isEqualTo(Word.SILENT);
    }

    @Test
    void shouldTakeTheBetterWordOfANodeThatComesInUnderAnotherName() {
        assertThat(followers(60_000, follower("b", 9_000), follower("b~f00d", 1))
                        .wordOf("b"))
                .isEqualTo(Word.HEARD);
    }

    @Test
    void shouldNotTakeAFollowerForUnwillingBecauseHeartbeatsAreRare() {
        RoleInfoProto role = role(60_000, follower("b", 5_000));
        assertThat(Followers.of(role, 20_000, 7).wordOf("b")).isEqualTo(Word.HEARD);
        assertThat(Followers.of(role, 20_000, 7).candidates(id -> NodeVitals.UNKNOWN))
                .singleElement()
                .satisfies(candidate -> assertThat(candidate.isWilling()).isTrue())
                .satisfies(candidate -> assertThat(candidate.matchIndex()).isEqualTo(7));
    }

    /** Leadership that is given to a dead follower stops publishing for seconds. */
    @Test
    void shouldPreferAHeirThatHasAnsweredInThisTerm() {
        RoleInfoProto role = role(50, follower("b", 650), follower("c", 20));
        assertThat(Followers.of(role, SILENT_MAX, 7, 7).candidates(id -> NodeVitals.UNKNOWN))
                .filteredOn(Succession.Candidate::isWilling)
                .extracting(Succession.Candidate::nodeId)
                .containsExactly("c");
        assertThat(Followers.of(role(50, follower("b", 650)), SILENT_MAX, 7).candidates(id -> NodeVitals.UNKNOWN))
                .allMatch(Succession.Candidate::isLate);
    }

    private static Word wordOfB(long roleMillis, long elapsedMillis) {
        return followers(roleMillis, follower("b", elapsedMillis)).wordOf("b");
    }

    private static Followers followers(long roleMillis, ServerRpcProto... followers) {
        return Followers.of(role(roleMillis, followers), SILENT_MAX, new long[followers.length]);
    }

    private static RoleInfoProto role(long roleMillis, ServerRpcProto... followers) {
        LeaderInfoProto.Builder leader = LeaderInfoProto.newBuilder();
        for (ServerRpcProto follower : followers) {
            leader.addFollowerInfo(follower);
        }
        return RoleInfoProto.newBuilder()
                .setRoleElapsedTimeMs(roleMillis)
                .setLeaderInfo(leader)
                .build();
    }

    private static ServerRpcProto follower(String raftId, long elapsedMillis) {
        return ServerRpcProto.newBuilder()
                .setId(RaftPeerProto.newBuilder().setId(ByteString.copyFromUtf8(raftId)))
                .setLastRpcElapsedTimeMs(elapsedMillis)
                .build();
    }
}
