package io.stanchion.node.raft;

import io.stanchion.raftsm.ratis.RaftIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who leads the group and who belongs to it, for the node that leads. Every change is one entry of the log, taken by joint consensus (Raft
 * dissertation, section 4.3); one that would leave the group without a majority of living members is refused. All calls block.
 */
public final class Group {
    private static final Logger log = LoggerFactory.getLogger(Group.class);
    private static final long CHANGE_SECONDS = 120;
    private static final long TRANSFER_MILLIS = 3_000;

    /** A follower that has not answered for so long does not count as living. The leader hears from each many times a second. */
    static final long SILENT_MILLIS = 1_000;

    private final RaftNode node;
    private final String selfId;

    Group(RaftNode node, String selfId) {
        this.node = node;
        this.selfId = selfId;
    }

    // Leadership

    /** If this node leads: gives the leadership to the follower that has most of the log. Blocks, but not for long. */
    public void handOver() {
        RaftServer.Division running = node.division();
        if (running == null || !running.getInfo().isLeader()) {
            return;
        }
        try {
            RaftPeerId heir = heir(running, member -> true);
            if (heir != null) {
                transferTo(heir);
            }
        } catch (NotLeaderException e) {
            log.debug("nothing to hand over: another leads");
        } catch (IOException e) {
            log.warn("could not hand leadership over: {}", e.getMessage());
        }
    }

    /**
     * Gives the leadership to another member.
     *
     * @param nodeId empty for the one that has most of the log
     * @return whom it went to
     * @throws IOException if this node does not lead, there is no such member, or it does not take it
     */
    public String transfer(String nodeId) throws IOException {
        RaftServer.Division running = leading();
        if (nodeId.equals(selfId)) {
            return selfId;
        }
        RaftPeerId heir = nodeId.isEmpty()
                ? requireHeir(running, member -> true)
                : peer(running, nodeId).orElseThrow(() -> new IOException("node " + nodeId + " is not a member"));
        transferTo(heir);
        return RaftIds.nodeId(heir);
    }

    /**
     * Gives the leadership to the one that has most of the log, of those members that will do.
     *
     * @return whom it went to
     * @throws IOException as {@link #transfer}, and if none will do
     */
    public String transferAmong(Predicate<String> willDo) throws IOException {
        RaftPeerId heir = requireHeir(leading(), willDo);
        transferTo(heir);
        return RaftIds.nodeId(heir);
    }

    private RaftPeerId requireHeir(RaftServer.Division running, Predicate<String> willDo) throws IOException {
        RaftPeerId heir = heir(running, willDo);
        if (heir == null) {
            throw new IOException("there is no other member that could lead");
        }
        return heir;
    }

    private void transferTo(RaftPeerId heir) throws IOException {
        long began = System.nanoTime();
        RaftClientReply reply = await(
                node.ask((server, origin) -> server.transferLeadershipAsync(new TransferLeadershipRequest(
                        origin.client(), origin.server(), origin.group(), origin.callId(), heir, TRANSFER_MILLIS))),
                TRANSFER_MILLIS + 500);
        if (!reply.isSuccess()) {
            throw new IOException(reply.getException().getMessage(), reply.getException());
        }
        node.onHandedOver();
        log.info("handed leadership over to={} millis={}", heir, (System.nanoTime() - began) / 1_000_000);
    }

    private @Nullable RaftPeerId heir(RaftServer.Division running, Predicate<String> willDo) throws IOException {
        List<Succession.Candidate> fit = candidates(running).stream()
                .filter(candidate -> willDo.test(candidate.nodeId()))
                .toList();
        return Succession.choose(fit).flatMap(nodeId -> peer(running, nodeId)).orElse(null);
    }

    private static Optional<RaftPeerId> peer(RaftServer.Division running, String nodeId) {
        return running.getRaftConf().getCurrentPeers().stream()
                .map(RaftPeer::getId)
                .filter(id -> RaftIds.nodeId(id).equals(nodeId))
                .findFirst();
    }

    /** The other members, as this leader sees them. */
    List<Succession.Candidate> followers() throws IOException {
        return candidates(leading());
    }

    /** Ratis tells their names and their places in the log in two lists of the same order. */
    private List<Succession.Candidate> candidates(RaftServer.Division running) throws NotLeaderException {
        List<ServerRpcProto> followers =
                running.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
        long[] matchIndices = running.getInfo().getFollowerMatchIndices();
        if (matchIndices == null) {
            throw new NotLeaderException();
        }
        List<Succession.Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < followers.size(); i++) {
            String id = RaftIds.nodeId(followers.get(i).getId());
            boolean isMatchKnown = matchIndices.length == followers.size(); // else the group is just changing
            candidates.add(new Succession.Candidate(
                    id,
                    isMatchKnown ? matchIndices[i] : 0,
                    followers.get(i).getLastRpcElapsedTimeMs(),
                    node.vitalsOf(id)));
        }
        return candidates;
    }

    // Members

    /**
     * Takes a member that has lost its log out of the group, before that member runs again: blank as it is, it must neither vote nor count.
     *
     * @throws IOException if this node does not lead, or the group refuses
     */
    public void expel(String nodeId) throws IOException {
        RaftServer.Division running = leading();
        List<GroupMember> present = members(running);
        List<GroupMember> left = without(nodeId, present);
        if (left.size() < present.size()) {
            int living = left.size() - silent(running, left).size();
            if (living < present.size() / 2 + 1) {
                throw new IOException("without node " + nodeId + " only " + living + " of " + present.size()
                        + " members can be reached: no majority; bring the others back first");
            }
            log.info("a member has lost its data and is taken out of the group node={}", nodeId);
            change(present, left);
        }
    }

    /**
     * Takes a node into the group; it counts when it has caught up.
     *
     * @throws IOException if this node does not lead, the node is a member elsewhere, another has one of its addresses, or it does not catch up
     */
    public void add(GroupMember joining) throws IOException {
        RaftServer.Division running = leading();
        List<GroupMember> present = members(running);
        if (isThere(joining, present)) {
            return;
        }
        refuseSecondPlace(joining, present);
        refuseTakenAddress(joining, present);
        change(present, with(joining, present));
        log.info("a member is in the group node={} members={}", joining, with(joining, present));
    }

    /**
     * Puts a member that is to be found elsewhere, and has another name in the Raft group since then, into its own old place, in one step.
     *
     * @throws IOException as {@link #add}, and if it is no member
     */
    public void move(GroupMember moved) throws IOException {
        RaftServer.Division running = leading();
        List<GroupMember> present = members(running);
        if (isThere(moved, present)) {
            return;
        }
        List<GroupMember> others = without(moved.nodeId(), present);
        requireMember(moved.nodeId(), present, others);
        refuseTakenAddress(moved, others);
        requireMajority(running, others);
        change(present, with(moved, others));
        log.info("a member has moved node={} members={}", moved, with(moved, others));
    }

    /**
     * Takes a node out of the group for good.
     *
     * @throws NotLeaderException if this node does not lead; also if it is the one to go: then it has handed its leadership over, so that
     *     its successor can be asked
     * @throws IOException if the others could not decide anything without it
     */
    public void remove(String nodeId) throws IOException {
        RaftServer.Division running = leading();
        List<GroupMember> present = members(running);
        List<GroupMember> left = without(nodeId, present);
        requireMember(nodeId, present, left);
        if (left.isEmpty()) {
            throw new IOException("node " + nodeId + " is the last member");
        }
        requireMajority(running, left);
        requireOther(nodeId);
        change(present, left);
        log.info("a member was removed node={} members={}", nodeId, left);
    }

    /**
     * Puts a node in the place of another in one step: in a group of three with a dead member nothing can be lost between two.
     *
     * @throws IOException as {@link #add} and {@link #remove}
     */
    public void replace(String oldNodeId, GroupMember joining) throws IOException {
        RaftServer.Division running = leading();
        List<GroupMember> present = members(running);
        List<GroupMember> left = without(oldNodeId, present);
        if (left.size() == present.size() && isThere(joining, present)) {
            return;
        }
        requireMember(oldNodeId, present, left);
        refuseSecondPlace(joining, present);
        refuseTakenAddress(joining, left);
        requireMajority(running, left);
        requireOther(oldNodeId);
        change(present, with(joining, left));
        log.info("a member was replaced old={} new={}", oldNodeId, joining);
    }

    private void requireMember(String nodeId, List<GroupMember> present, List<GroupMember> left) throws IOException {
        if (left.size() == present.size()) {
            throw new IOException("node " + nodeId + " is not a member; the members are " + names(present));
        }
    }

    /** A leader cannot see the end of its own membership; its successor can. */
    private void requireOther(String nodeId) throws IOException {
        if (nodeId.equals(selfId)) {
            transfer("");
            throw new NotLeaderException();
        }
    }

    private static boolean isThere(GroupMember wanted, List<GroupMember> present) {
        return present.stream()
                .anyMatch(member -> member.isAtPlaceOf(wanted)
                        && (wanted.raftId().isEmpty() || wanted.raftId().equals(member.raftId())));
    }

    private static void refuseSecondPlace(GroupMember joining, List<GroupMember> present) throws IOException {
        for (GroupMember member : present) {
            if (member.nodeId().equals(joining.nodeId())) {
                throw new IOException("node " + joining.nodeId() + " is a member at " + member.host() + ":"
                        + member.peerPort()
                        + "; to move it, start it at its new address with its data directory, or with"
                        + " an empty one: it tells the others by itself");
            }
        }
    }

    private static void refuseTakenAddress(GroupMember joining, List<GroupMember> others) throws IOException {
        for (GroupMember other : others) {
            boolean samePeerPort = other.peerPort() == joining.peerPort() && joining.peerPort() != 0;
            if (other.host().equals(joining.host()) && (other.raftPort() == joining.raftPort() || samePeerPort)) {
                throw new IOException("the address of " + joining + " is that of node " + other.nodeId());
            }
        }
    }

    private void requireMajority(RaftServer.Division running, List<GroupMember> next) throws IOException {
        List<String> silent = silent(running, next);
        int living = next.size() - silent.size();
        if (living <= next.size() / 2) {
            throw new IOException("that would leave the members " + names(next) + ", of which "
                    + String.join(", ", silent) + " cannot be reached: no majority; bring them back first");
        }
    }

    /** Of these, the ones that have not answered the leader for a while. */
    private List<String> silent(RaftServer.Division running, List<GroupMember> asked) {
        Map<String, Long> silence = new HashMap<>();
        for (ServerRpcProto follower :
                running.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList()) {
            silence.merge(RaftIds.nodeId(follower.getId()), follower.getLastRpcElapsedTimeMs(), Math::min);
        }
        return asked.stream()
                .map(GroupMember::nodeId)
                .filter(id -> !id.equals(selfId) && silence.getOrDefault(id, Long.MAX_VALUE) > SILENT_MILLIS)
                .toList();
    }

    /** Whether this node leads and all members answer. */
    public boolean hearsAll() {
        try {
            return silentMembers().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** IDs of members that do not answer this leader. */
    List<String> silentMembers() throws IOException {
        RaftServer.Division running = leading();
        return silent(running, members(running));
    }

    private RaftServer.Division leading() throws IOException {
        RaftServer.Division running = node.division();
        if (running == null || !running.getInfo().isLeaderReady()) {
            throw new NotLeaderException();
        }
        return running;
    }

    private static List<GroupMember> members(RaftServer.Division running) {
        return running.getRaftConf().getCurrentPeers().stream()
                .map(GroupMember::of)
                .sorted(Comparator.comparing(GroupMember::nodeId))
                .toList();
    }

    private static List<GroupMember> without(String nodeId, List<GroupMember> members) {
        return members.stream()
                .filter(member -> !member.nodeId().equals(nodeId))
                .toList();
    }

    private static List<GroupMember> with(GroupMember joining, List<GroupMember> members) {
        List<GroupMember> all = new ArrayList<>(members);
        all.add(joining);
        return all;
    }

    private static String names(List<GroupMember> members) {
        return String.join(", ", members.stream().map(GroupMember::nodeId).toList());
    }

    /** Only if nobody else has changed the group meanwhile. */
    private void change(List<GroupMember> present, List<GroupMember> next) throws IOException {
        SetConfigurationRequest.Arguments change = SetConfigurationRequest.Arguments.newBuilder()
                .setServersInCurrentConf(toRaft(present))
                .setServersInNewConf(toRaft(next))
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .build();
        RaftClientReply reply = await(
                node.ask((server, origin) -> server.setConfigurationAsync(new SetConfigurationRequest(
                        origin.client(), origin.server(), origin.group(), origin.callId(), change))),
                TimeUnit.SECONDS.toMillis(CHANGE_SECONDS));
        if (!reply.isSuccess()) {
            throw refused(reply.getException());
        }
    }

    private static List<RaftPeer> toRaft(List<GroupMember> members) {
        return members.stream().map(GroupMember::toRaft).toList();
    }

    private static RaftClientReply await(CompletableFuture<RaftClientReply> reply, long millis) throws IOException {
        try {
            return reply.get(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the group was being changed", e);
        } catch (ExecutionException e) {
            throw refused(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            throw new IOException("the group did not decide in time", e);
        }
    }

    private static IOException refused(Throwable cause) {
        if (cause instanceof ReconfigurationTimeoutException) {
            return new IOException(
                    "the new member does not answer, or does not catch up, and nothing was changed; start it with an empty data"
                            + " directory, and see that the leader reaches its Raft port",
                    cause);
        }
        return new IOException(String.valueOf(cause.getMessage()), cause);
    }

    /** This node does not lead, or not yet. */
    public static final class NotLeaderException extends IOException {
        private static final long serialVersionUID = 1;

        NotLeaderException() {
            super("this node does not lead");
        }
    }
}
