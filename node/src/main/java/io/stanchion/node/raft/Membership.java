package io.stanchion.node.raft;

import io.stanchion.proto.peer.Promised;
import io.stanchion.proto.peer.StandingReply;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether this node may vote from the start. A member that has lost its log must not: it would have forgotten what it has
 * promised, and could help to elect a leader that lacks acknowledged messages. It asks the leader to be taken out of the group, starts
 * knowing nobody, and asks to be taken in again; Ratis lets it in when it has caught up. A node that the cluster has never had starts
 * knowing nobody too, and waits until an operator adds it.
 */
public final class Membership {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);
    private static final long ASK_AGAIN_MILLIS = 200;
    private static final long ATTEND_MILLIS = 1_000;
    private static final int LEADERLESS_ROUNDS = 3;
    private static final String LOG_IS_LOST = "waiting for a leader to take this node in again, its log is lost";
    private static final String MOVED = "waiting for a leader to take note of this node's new address";
    private static final String STOPPED_WAITING = "stopped while waiting for a leader";

    private final DataDirectory data;
    private final GroupMember self;
    private final KnownPlaces others;
    private final Peers peers;
    private final BooleanSupplier stopped;
    private final Promises promises;
    private volatile String waitingFor = "";

    /** Nodes that have another encryption key. Owned by the thread that asks the others. */
    private final Set<String> disagreeing = new TreeSet<>();

    /** What the other nodes are asked. All of it blocks, but not for ever. */
    public interface Peers {
        StandingReply standing(String nodeId, String birth) throws IOException;

        /** Lets another node remember what this one has promised, and tells what it remembered before. */
        default StandingReply keep(String nodeId, String birth, Promised own) throws IOException {
            return StandingReply.getDefaultInstance();
        }

        /** Asks the leader to take this node out of the group. */
        void expel(String leader) throws IOException;

        /**
         * Asks the leader to take this node into the group, at its present address and under this name.
         *
         * @param moved whether that is in its own old place
         */
        void admit(String leader, String raftId, boolean moved) throws IOException;
    }

    /** This node's place in the group, as its own log has it. */
    public interface Place {
        boolean isMember();

        /** Whether there is a leader, as far as this node knows. */
        boolean hasLeader();

        /** Whether this node leads, with an entry of its term committed. */
        default boolean leads() {
            return false;
        }

        /** The highest term that this node has seen, and has on disk; 0 if it can't say now. */
        default long term() {
            return 0;
        }

        /** Index of the last entry that is committed, and on this node's disk. */
        default long committed() {
            return -1;
        }

        /** Whether this node's disk is nearly full. */
        default boolean isDiskShort() {
            return false;
        }
    }

    /**
     * @param self this node, as its configuration has it
     * @param stopped whether to give up waiting
     */
    public Membership(DataDirectory data, GroupMember self, KnownPlaces others, Peers peers, BooleanSupplier stopped) {
        this.data = data;
        this.self = self;
        this.others = others;
        this.peers = peers;
        this.stopped = stopped;
        this.promises = new Promises(data, others, peers, stopped);
    }

    /**
     * Whether this node is no member, or not yet, or not yet again. Until the leader has begun to bring it up to the log, however long an
     * operator takes to add it, its replica does not run. Any thread.
     */
    public boolean isOutside() {
        return switch (data.stage()) {
            case JOINING, REJOINING, MOVING, REMOVED -> true;
            default -> false;
        };
    }

    /** Whether this node is none that the cluster has had, and an operator has to add it. Any thread. */
    public boolean waitsToBeAdded() {
        return data.stage() == DataDirectory.Stage.JOINING;
    }

    /** This node, with its name in the Raft group. Any thread. */
    public GroupMember named() {
        return self.withRaftId(data.raftId());
    }

    /** The members, as other nodes have named them to this one, whose log does not say it. Any thread. */
    public List<GroupMember> membersByHearsay() {
        return others.byHearsay();
    }

    /** Why this node gets its data from the others; empty if it does not, or any more. Any thread. */
    public String rebuildReason() {
        String doubt = data.doubt();
        return doubt.isEmpty() && data.stage() == DataDirectory.Stage.REJOINING ? data.lastReason() : doubt;
    }

    /** What the start waits for, in a few words; empty if it does not wait. Any thread. */
    public String waitingFor() {
        return waitingFor;
    }

    /**
     * Whether to start as one of the voters. Blocks until enough of the others have been asked, and if the log is lost, until the leader
     * has taken this node out of the group.
     *
     * @throws DataDirectoryException if a node without others has lost its log
     */
    public boolean mayVote() throws IOException, InterruptedException {
        if (data.stage() == DataDirectory.Stage.REMOVED) {
            throw new DataDirectoryException("data directory " + data.root() + " is of a node that was removed from the"
                    + " cluster; empty it, and add the node again with \"stanchion cluster add\"");
        }
        followLog();
        refuseToBeAlone();
        if (!data.doubt().isEmpty()) {
            leaveWithoutData();
            return false;
        }
        if (data.stage() == DataDirectory.Stage.REJOINING) {
            beginAnew();
            return false;
        }
        if (data.stage() == DataDirectory.Stage.JOINING) {
            waitToBeAdded();
            return false;
        }
        boolean wasMember = data.stage() == DataDirectory.Stage.MEMBER || data.stage() == DataDirectory.Stage.MOVING;
        if (data.hasLog()) {
            LogCheck.Found found = data.inspectLog();
            if (!wasMember || !found.isNothing()) {
                promises.compare(found, idsInLog(), this::waitFor);
                return data.stage() != DataDirectory.Stage.MOVING;
            }
        }
        if (others.all().isEmpty()) {
            if (wasMember) {
                throw new DataDirectoryException(
                        "data directory " + data.root() + " has lost its Raft log, and there is"
                                + " no other node to get it from; restore the directory, or empty it to start anew without the data");
            }
            return true;
        }
        Past past = wasMember ? Past.MEMBER : past();
        switch (past) {
            case MEMBER -> {
                log.warn(
                        "the Raft log of this node is gone; it does not vote before the cluster has taken it in again");
                beginAnew();
            }
            case STRANGER -> data.join(self.toString());
            case NONE -> log.debug("no other node knows of a cluster with this one");
        }
        return past == Past.NONE;
    }

    /** The file may be older than the group, and a log that can't be used may still name it. */
    private void followLog() {
        try {
            others.follow(data.members());
        } catch (IOException e) {
            log.debug("the log does not say who belongs to the group: {}", e.getMessage());
        }
    }

    /** With a file that names nobody this node does not even listen for the others. */
    private void refuseToBeAlone() throws DataDirectoryException {
        if (others.inFile().isEmpty() && !others.all().isEmpty()) {
            throw new DataDirectoryException("data directory " + data.root() + " is of a member of a cluster with "
                    + String.join(
                            ", ",
                            others.places().stream().map(GroupMember::toString).toList())
                    + ", and the configuration names no other node; write the members into peers of its cluster block");
        }
    }

    private Set<String> idsInLog() throws IOException {
        return data.members().stream().map(GroupMember::nodeId).collect(Collectors.toCollection(TreeSet::new));
    }

    /** What the others say about a node without a log. */
    private enum Past {
        /** There is no cluster yet that it could have been a member of, or this is its first start in it. */
        NONE,
        /** It was met with another data directory. */
        MEMBER,
        /** There is a cluster, and this node is no part of it. */
        STRANGER
    }

    /**
     * The leader's word that this node is out of the group is proof that the others are a majority without it. Until then its data, bad as
     * it may be, is not touched, and it takes no part.
     */
    private void leaveWithoutData() throws IOException, InterruptedException {
        String reason = data.doubt();
        if (others.all().isEmpty()) {
            throw new DataDirectoryException("data directory " + data.root() + " is damaged (" + reason + ") and there"
                    + " is no other node to get it from; restore it from a copy, or delete the file \"" + SetAside.MARK
                    + "\" in it to start with what is there");
        }
        if (data.isDoubtedTooOften()) {
            throw new DataDirectoryException("data directory " + data.root() + " is damaged (" + reason + ") for the"
                    + " third time within an hour; replace the disk, or delete \"" + SetAside.FOLDER_PREFIX
                    + "*\" in it to get the data from the other nodes once more");
        }
        log.error("the data of this node is not used: {}", reason);
        if (!askLeader(
                peers::expel,
                "waiting for a majority of the other nodes to do without this one, whose data in " + data.root()
                        + " can't be trusted (" + reason + ") and stays untouched until then")) {
            throw new InterruptedException(STOPPED_WAITING);
        }
        data.setAside(self.toString());
    }

    /** Only a member tells the others how far it is: if one has heard that, this directory is a copy from before it was one. */
    private void waitToBeAdded() throws IOException, InterruptedException {
        if (promises.areRemembered()) {
            log.warn("this directory is of a time before this node was a member; the cluster has to take it in again");
            beginAnew();
        } else {
            data.join(self.toString());
        }
    }

    /** Out of the group first: what an earlier attempt to come in has written may count there. */
    private void beginAnew() throws IOException, InterruptedException {
        data.rejoin(self.toString());
        if (!askLeader(peers::expel, LOG_IS_LOST)) {
            throw new InterruptedException(STOPPED_WAITING);
        }
        data.deleteLog();
    }

    /** What anybody says among a majority of the nodes in the configuration; this one counts. */
    private Past past() throws IOException, InterruptedException {
        List<String> configured = others.inFile();
        int majority = (configured.size() + 1) / 2 + 1;
        Set<String> asked = new TreeSet<>();
        while (!stopped.getAsBoolean()) {
            for (String other : configured) {
                Past past = asked.contains(other) ? Past.NONE : pastAt(other, asked);
                if (past != Past.NONE) {
                    return past;
                }
            }
            refuseIfAMajorityDisagrees();
            int present = asked.size() + 1;
            if (present >= majority) {
                waitFor("");
                return Past.NONE;
            }
            Set<String> absent = new TreeSet<>(configured);
            absent.removeAll(asked);
            waitFor("waiting for " + (majority - present) + " of the nodes " + String.join(", ", absent)
                    + " to begin a new cluster");
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
        }
        throw new InterruptedException("stopped while waiting for other nodes");
    }

    private void waitFor(String what) {
        if (!what.isEmpty() && !what.equals(waitingFor)) {
            log.info("{}", what);
        }
        waitingFor = what;
    }

    private Past pastAt(String other, Set<String> asked) throws DataDirectoryException {
        StandingReply reply;
        try {
            reply = peers.standing(other, data.birth());
        } catch (IOException e) {
            log.debug("not answered yet: {}", e.getMessage());
            return Past.NONE;
        }
        if (!agreesOnEncryption(other, reply)) {
            return Past.NONE;
        }
        data.remember(other, reply.getBirth()); // should it lose its log, this node may be the only one that it can ask
        asked.add(other);
        others.learn(reply);
        if (leavesOut(reply)) {
            return Past.STRANGER;
        }
        return reply.getKnown() ? Past.MEMBER : Past.NONE;
    }

    private boolean leavesOut(StandingReply reply) {
        return reply.getMembersCount() > 0
                && reply.getMembersList().stream()
                        .noneMatch(member -> member.getNodeId().equals(data.nodeId()));
    }

    /**
     * Nodes read what others have written, so all must have the same key. One that has another is named, and counts as absent.
     */
    private boolean agreesOnEncryption(String other, StandingReply reply) {
        String theirs = reply.getKeyCheck();
        String ours = data.keyCheck();
        if (theirs.equals(ours)) {
            disagreeing.remove(other);
            return true;
        }
        if (disagreeing.add(other)) {
            String difference = "encrypts its data with another key than this node";
            if (theirs.isEmpty() || ours.isEmpty()) {
                difference = theirs.isEmpty()
                        ? "does not encrypt its data, and this node does"
                        : "encrypts its data, and this node does not";
            }
            log.error("node {} {}; start all nodes with the same encrypt and encryption key", other, difference);
        }
        return false;
    }

    /** Then it is this node that is wrong. It has no log yet, or none any more. */
    private void refuseIfAMajorityDisagrees() throws DataDirectoryException {
        if (disagreeing.size() > (others.inFile().size() + 1) / 2) {
            throw new DataDirectoryException("the nodes " + String.join(", ", disagreeing)
                    + " do not encrypt as this node does; give it the same encrypt and encryption key, and an empty"
                    + " directory in place of data directory " + data.root() + ", which has no log");
        }
    }

    /**
     * After the Raft server has started: makes this node a member, with the leader's help if it has to come in again, or when an operator
     * adds it. Blocks until then.
     */
    public void complete(Place place) throws IOException, InterruptedException {
        switch (data.stage()) {
            case REJOINING -> {
                String reason = data.lastReason();
                String waiting =
                        reason.isEmpty() ? LOG_IS_LOST : "getting the data from the other nodes, because of " + reason;
                waitFor(waiting);
                if (!askLeader(this::beAdmitted, waiting)) {
                    return;
                }
                log.info("the cluster has taken this node in again");
            }
            case MOVING -> {
                waitFor(MOVED);
                if (!askLeader(this::beAdmitted, MOVED)) {
                    return;
                }
                log.info("the cluster knows the new address of this node");
            }
            case JOINING -> {
                while (!isTakenIn(place)) {
                    if (stopped.getAsBoolean()) {
                        return;
                    }
                    waitFor("this node is no member of the cluster yet; add it with \"stanchion cluster add\"");
                    if (others.byHearsay().isEmpty()) {
                        led(); // nobody may have led when it started, and operators ask it who the members are
                    }
                    TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
                }
                waitFor("");
                log.info("the cluster has taken this node in");
            }
            default -> {
                // a member from the start
            }
        }
        data.passComparison(); // first: a member that has not passed is a copy from before
        data.enter(DataDirectory.Stage.MEMBER);
    }

    /** The log of a node that comes in begins with what was once, and what it ends with may be replaced: only the leader can say. */
    private boolean isTakenIn(Place place) throws IOException {
        if (place.leads()) {
            return true; // elected before it has heard that it is a member
        }
        StandingReply leaders = place.isMember() ? led() : null;
        return leaders != null
                && leaders.getCommitted()
                && leaders.getMembersList().stream()
                        .anyMatch(member -> member.getNodeId().equals(data.nodeId())
                                && member.getRaftId().equals(data.raftId()));
    }

    private void beAdmitted(String leader) throws IOException {
        peers.admit(leader, data.raftId(), data.stage() == DataDirectory.Stage.MOVING);
    }

    /** What {@link #attend} notices. All but the doubt end it. */
    public interface Turns {
        /** Another node that did not answer at the start knows that this one has lost something. Called again while it is so. */
        void onDoubted(String reason);

        /** The cluster has this node no more. */
        void onRemoved();

        /** The cluster looks for this node elsewhere: it has to be started again, under another name. */
        void onMoved(String where);
    }

    /**
     * Keeps up with the others until the node stops: meets everybody once, so that whoever loses its log later finds one that knows it; and
     * notices that this node was removed, or is not found since it has moved, which its own log may never say. Blocks.
     */
    public void attend(Place place, Turns turns) throws IOException, InterruptedException {
        int leaderless = 0;
        long term = 0; // told a round later, when they are on disk for sure
        long committed = -1;
        while (!stopped.getAsBoolean()) {
            for (String other : others.members()) {
                if (!data.knows(other)) {
                    ask(other);
                }
                if (term > 0 && committed >= 0) {
                    tell(other, term, committed, place, turns);
                }
            }
            term = place.term();
            committed = place.committed();
            if (place.hasLeader()) {
                leaderless = 0;
                waitFor("");
            } else if (++leaderless >= LEADERLESS_ROUNDS && takesTurn(led(), turns)) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(ATTEND_MILLIS);
        }
    }

    private void tell(String other, long term, long committed, Place place, Turns turns) {
        try {
            promises.tell(other, term, committed, place.isDiskShort());
        } catch (DamagedDataException e) {
            turns.onDoubted(String.valueOf(e.getMessage()));
        }
    }

    /** @param leaders what the leader says, while this node hears of none */
    private boolean takesTurn(@Nullable StandingReply leaders, Turns turns) throws DataDirectoryException {
        if (leaders == null) {
            return false;
        }
        if (leavesOut(leaders)) {
            if (!leaders.getCommitted()) {
                return false;
            }
            data.enter(DataDirectory.Stage.REMOVED);
            log.warn("this node was removed from the cluster; its data stays in {}", data.root());
            turns.onRemoved();
            return true;
        }
        Optional<GroupMember> elsewhere = leaders.getMembersList().stream()
                .map(GroupMember::of)
                .filter(member -> member.nodeId().equals(self.nodeId()) && !member.isAtPlaceOf(self))
                .findFirst();
        if (elsewhere.isEmpty()) {
            return false;
        }
        if (!elsewhere.get().raftId().equals(data.raftId())) {
            waitFor("another node with this node_id has its place in the cluster, at " + elsewhere.get()
                    + "; stop one of the two");
            return false;
        }
        data.move(self.toString());
        turns.onMoved("the cluster looks for this node at " + elsewhere.get() + ", and it is " + self);
        return true;
    }

    /**
     * Of the node that leads by its own word: another may have heard of this one's place long ago. Whoever is said to lead is asked next,
     * since it may have been added after the configuration was written.
     */
    private @Nullable StandingReply led() throws IOException {
        Set<String> asked = new TreeSet<>();
        Deque<String> next = new ArrayDeque<>(others.all());
        while (!next.isEmpty()) {
            String other = next.remove();
            StandingReply reply = asked.add(other) ? ask(other) : null;
            String leader = reply == null ? "" : reply.getLeader();
            if (leader.equals(other)) {
                return reply;
            } else if (!leader.isEmpty() && !leader.equals(data.nodeId())) {
                next.addFirst(leader);
            }
        }
        return null;
    }

    private @Nullable StandingReply ask(String other) throws DataDirectoryException {
        StandingReply reply;
        try {
            reply = peers.standing(other, data.birth());
        } catch (IOException e) {
            log.debug("not met yet: {}", e.getMessage());
            return null;
        }
        if (!agreesOnEncryption(other, reply)) {
            return null;
        }
        data.remember(other, reply.getBirth());
        others.learn(reply);
        return reply;
    }

    /** Something that a leader does. */
    private interface Favour {
        void ask(String leader) throws IOException;
    }

    /** Until a leader has done it; returns false if the node stops before. */
    private boolean askLeader(Favour favour, String waiting) throws InterruptedException {
        while (!stopped.getAsBoolean()) {
            String refusal = refusalOf(favour);
            if (refusal == null) {
                waitFor("");
                return true;
            }
            waitFor(refusal.isEmpty() ? waiting : waiting + "; " + refusal);
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
        }
        return false;
    }

    /** Null if a leader has done it; empty if there was none. */
    private @Nullable String refusalOf(Favour favour) {
        String refusal = "";
        for (String other : others.all()) {
            try {
                StandingReply reply = peers.standing(other, data.birth());
                others.learn(reply); // where the leader is, if the configuration does not say
                String leader = reply.getLeader();
                if (!leader.isEmpty() && !leader.equals(data.nodeId())) {
                    refusal = "node " + leader + " did not answer";
                    favour.ask(leader);
                    return null;
                }
            } catch (IOException e) {
                log.debug("not done yet: {}", e.getMessage());
                refusal = refusal.isEmpty() ? "" : String.valueOf(e.getMessage());
            }
        }
        return refusal;
    }
}
