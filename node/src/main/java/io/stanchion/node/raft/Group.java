package io.stanchion.node.raft;

import io.stanchion.raftsm.ratis.RaftIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
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

    /** With more entries to go a hand-over would keep everybody waiting. */
    private static final long BEHIND_MAX = 1_000;

    /** A follower that has not answered for so long does not count as living, unless heartbeats are set to be rarer. */
    static final long SILENT_MILLIS = 1_000;

    private final RaftNode node;
    private final String selfId;

    /** Asks the node at an address who it is. */
    public interface Meeting {
        /**
         * @return the same with the node's name in the Raft group
         * @throws IOException if nobody answers, or another node, or one that does not wait to be added
         */
        GroupMember meet(GroupMember asked) throws IOException;
    }

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
            String leader = node.leader();
            if (leader.isEmpty() || leader.equals(selfId)) {
                log.warn("could not hand leadership over: {}", e.getMessage());
            } else {
                log.info("another node than the heir has taken leadership leader={}", leader);
            }
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
        if (!nodeId.isEmpty()) {
            requireAbleToLead(running, nodeId);
        }
        transferTo(heir);
        return RaftIds.nodeId(heir);
    }

    /** Nothing is stored while leadership is on its way: it must not be given to one that can't take it. */
    private void requireAbleToLead(RaftServer.Division running, String nodeId) throws IOException {
        requireHeard(followers(running).wordOf(nodeId), nodeId, "it cannot lead");
        long last = running.getRaftLog().getNextIndex() - 1;
        long match = candidates(running).stream()
                .filter(candidate -> candidate.nodeId().equals(nodeId))
                .mapToLong(Succession.Candidate::matchIndex)
                .max()
                .orElse(0);
        if (last - match > BEHIND_MAX) {
            throw new IOException("node " + nodeId + " is " + (last - match)
                    + " entries behind, so it cannot lead; wait until it has caught up");
        }
    }

    private static void requireHeard(Followers.Word word, String nodeId, String consequence) throws IOException {
        switch (word) {
            case HEARD -> {}
            case UNKNOWN -> throw new TooSoonException(List.of(nodeId));
            case SILENT ->
                throw new IOException(
                        "node " + nodeId + " does not answer, so " + consequence + "; bring it back first");
        }
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
                TRANSFER_MILLIS + 500,
                "node " + RaftIds.nodeId(heir) + " did not take the leadership in time");
        if (!reply.isSuccess()) {
            throw refused(reply.getException());
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

    private List<Succession.Candidate> candidates(RaftServer.Division running) throws NotLeaderException {
        return followers(running).candidates(node::vitalsOf);
    }

    private Followers followers(RaftServer.Division running) throws NotLeaderException {
        return Followers.of(running.getInfo(), node.silentMillis());
    }

    // Members

    /**
     * Takes a member that has lost its log out of the group, before that member runs again: blank as it is, it must neither vote nor count.
     *
     * @throws IOException if this node does not lead, the group refuses, or the member still answers: then another node asks in its name
     */
    public void expel(String nodeId) throws IOException {
        RaftServer.Division running = leading();
        List<GroupMember> present = members(running);
        List<GroupMember> left = without(nodeId, present);
        if (left.size() < present.size()) {
            requireGone(running, nodeId);
            List<String> absent = absent(running, left);
            int living = left.size() - absent.size();
            if (living < present.size() / 2 + 1) {
                refuseIfTooSoon(running, absent);
                throw new IOException("without node " + nodeId + " only " + living + " of " + present.size()
                        + " members can be reached: no majority; bring the others back first");
            }
            log.info("a member has lost its data and is taken out of the group node={}", nodeId);
            change(present, left);
        }
    }

    /** Whoever is blank does not run its replica yet. */
    private void requireGone(RaftServer.Division running, String nodeId) throws IOException {
        switch (followers(running).wordOf(nodeId)) {
            case HEARD -> throw new IOException("node " + nodeId + " still answers; stop it first");
            case UNKNOWN -> throw new TooSoonException(List.of(nodeId));
            case SILENT -> {}
        }
    }

    /**
     * Takes a node into the group; it counts when it has caught up.
     *
     * @throws IOException if this node does not lead, the node is a member elsewhere, another has one of its addresses, or it does not catch up
     */
    public void add(GroupMember joining) throws IOException {
        add(joining, asked -> asked);
    }

    /** The same on an operator's word, which the node itself has to confirm. */
    public void add(GroupMember asked, Meeting meeting) throws IOException {
        RaftServer.Division running = leading();
        List<GroupMember> present = members(running);
        if (isThere(asked, present)) {
            return;
        }
        refuseSecondPlace(asked, present);
        refuseTakenAddress(asked, present);
        GroupMember joining = meeting.meet(asked);
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
    public void replace(String oldNodeId, GroupMember asked, Meeting meeting) throws IOException {
        RaftServer.Division running = leading();
        List<GroupMember> present = members(running);
        List<GroupMember> left = without(oldNodeId, present);
        if (left.size() == present.size() && isThere(asked, present)) {
            return;
        }
        requireMember(oldNodeId, present, left);
        refuseSecondPlace(asked, present);
        refuseTakenAddress(asked, left);
        requireMajority(running, left);
        requireOther(oldNodeId);
        GroupMember joining = meeting.meet(asked);
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
        List<String> absent = absent(running, next);
        int living = next.size() - absent.size();
        if (living <= next.size() / 2) {
            refuseIfTooSoon(running, absent);
            throw new IOException("that would leave the members " + names(next) + ", of which "
                    + String.join(", ", absent) + " cannot be reached: no majority; bring them back first");
        }
    }

    /** Of these, the ones that have not answered the leader lately. */
    private List<String> absent(RaftServer.Division running, List<GroupMember> asked) throws IOException {
        Followers followers = followers(running);
        return asked.stream()
                .map(GroupMember::nodeId)
                .filter(id -> !id.equals(selfId) && followers.wordOf(id) != Followers.Word.HEARD)
                .toList();
    }

    private void refuseIfTooSoon(RaftServer.Division running, List<String> absent) throws IOException {
        Followers followers = followers(running);
        List<String> unknown = absent.stream()
                .filter(id -> followers.wordOf(id) == Followers.Word.UNKNOWN)
                .toList();
        if (!unknown.isEmpty()) {
            throw new TooSoonException(unknown);
        }
    }

    /** Whether this node leads and all members answer. */
    public boolean hearsAll() {
        try {
            return silentMembers().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** IDs of members that do not answer this leader, or have not done so yet. */
    List<String> silentMembers() throws IOException {
        RaftServer.Division running = leading();
        return absent(running, members(running));
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
                TimeUnit.SECONDS.toMillis(CHANGE_SECONDS),
                "not done within " + CHANGE_SECONDS
                        + " s, but it goes on: a node that has much to copy is still catching up;"
                        + " ask \"stanchion cluster status\" whether it is a member");
        if (!reply.isSuccess()) {
            throw refused(reply.getException());
        }
    }

    private static List<RaftPeer> toRaft(List<GroupMember> members) {
        return members.stream().map(GroupMember::toRaft).toList();
    }

    private static RaftClientReply await(CompletableFuture<RaftClientReply> reply, long millis, String ifLate)
            throws IOException {
        try {
            return reply.get(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the group was being changed", e);
        } catch (ExecutionException e) {
            throw refused(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            throw new IOException(ifLate, e);
        }
    }

    /** Ratis' reason, as an operator can use it. */
    static IOException refused(Throwable cause) {
        if (cause instanceof ReconfigurationTimeoutException) {
            return new IOException(
                    "the new member does not answer, or does not catch up, and nothing was changed; start it with an empty data"
                            + " directory, and see that the leader reaches its Raft port",
                    cause);
        }
        if (cause instanceof org.apache.ratis.protocol.exceptions.NotLeaderException
                || cause instanceof LeaderSteppingDownException
                || cause instanceof LeaderNotReadyException) {
            return new NotLeaderException();
        }
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof ReconfigurationInProgressException || message.contains("reconfiguration in progress")) {
            return new IOException(
                    "a change of the members is under way, perhaps a node is still catching up; until it is done there can be no"
                            + " other, and leadership cannot be handed over; see \"stanchion cluster status\"",
                    cause);
        }
        if (cause instanceof SetConfigurationException) {
            return new IOException(
                    "somebody else has just changed the members; see \"stanchion cluster status\", and ask again",
                    cause);
        }
        return new IOException(message, cause);
    }

    /** This leader does not know yet who answers it. It will in a moment; nothing was changed. */
    public static final class TooSoonException extends IOException {
        private static final long serialVersionUID = 1;

        TooSoonException(List<String> nodeIds) {
            super("this leader is new and does not know yet whether it reaches " + String.join(", ", nodeIds)
                    + "; ask again in a moment");
        }
    }

    /** This node does not lead, or not yet, or not any more. What becomes of a change that had begun, the next leader knows. */
    public static final class NotLeaderException extends IOException {
        private static final long serialVersionUID = 1;

        NotLeaderException() {
            super("this node does not lead");
        }
    }
}
