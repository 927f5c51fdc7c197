package io.stanchion.node.raft;

import io.stanchion.node.raft.Succession.Candidate;
import io.stanchion.raftsm.ratis.RaftIds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.server.DivisionInfo;

/**
 * How the followers of a leader fare, at one moment. Ratis lets the time since a follower's last answer begin shortly before the term, be the
 * follower dead or not; so nothing is known of one that has not answered since, until the leader has waited for long enough.
 */
final class Followers {
    private final long roleMillis;
    private final long silentMillisMax;
    private final List<ServerRpcProto> followers;
    private final long[] matches;

    /** What a leader has heard of a follower. */
    enum Word {
        /** It has answered lately. */
        HEARD,
        /** The leader has not led for long enough to say. */
        UNKNOWN,
        /** It has not answered for a while. */
        SILENT
    }

    private Followers(long roleMillis, long silentMillisMax, List<ServerRpcProto> followers, long[] matches) {
        this.roleMillis = roleMillis;
        this.silentMillisMax = silentMillisMax;
        this.followers = followers;
        this.matches = matches;
    }

    /**
     * Ratis tells names and places in the log in two lists of the same order.
     *
     * @param silentMillisMax who has not answered for longer is silent
     */
    static Followers of(DivisionInfo info, long silentMillisMax) throws Group.NotLeaderException {
        RoleInfoProto role = info.getRoleInfoProto();
        long[] matches = info.getFollowerMatchIndices();
        if (!role.hasLeaderInfo() || matches == null) {
            throw new Group.NotLeaderException();
        }
        return of(role, silentMillisMax, matches);
    }

    static Followers of(RoleInfoProto role, long silentMillisMax, long... matches) {
        return new Followers(
                role.getRoleElapsedTimeMs(),
                silentMillisMax,
                role.getLeaderInfo().getFollowerInfoList(),
                matches);
    }

    /** A node that is just being taken in, under another name, may be there twice: then the better word counts. */
    Word wordOf(String nodeId) {
        Word best = Word.SILENT;
        for (ServerRpcProto follower : followers) {
            if (RaftIds.nodeId(follower.getId()).equals(nodeId)) {
                Word word = word(follower.getLastRpcElapsedTimeMs());
                best = word.compareTo(best) < 0 ? word : best;
            }
        }
        return best;
    }

    private Word word(long elapsedMillis) {
        if (elapsedMillis <= Math.min(roleMillis, silentMillisMax)) {
            return Word.HEARD;
        }
        return roleMillis > silentMillisMax ? Word.SILENT : Word.UNKNOWN;
    }

    /** How far each has the log; 0 while the group is just changing. */
    List<Candidate> candidates(Function<String, NodeVitals> vitals) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < followers.size(); i++) {
            String id = RaftIds.nodeId(followers.get(i).getId());
            boolean isMatchKnown = matches.length == followers.size();
            candidates.add(new Candidate(
                    id,
                    isMatchKnown ? matches[i] : 0,
                    silentMillis(followers.get(i).getLastRpcElapsedTimeMs()),
                    vitals.apply(id)));
        }
        return candidates;
    }

    /** Of whom nothing is known yet, nobody can say that it would take the leadership; it may be tried if there is no other. */
    private long silentMillis(long elapsedMillis) {
        long beyondHeartbeats = Math.max(0, elapsedMillis - (silentMillisMax - Group.SILENT_MILLIS));
        return word(elapsedMillis) == Word.UNKNOWN
                ? Math.max(Group.SILENT_MILLIS + 1, beyondHeartbeats)
                : beyondHeartbeats;
    }
}
