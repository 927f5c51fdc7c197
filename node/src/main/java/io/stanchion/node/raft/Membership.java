package io.stanchion.node.raft;

import io.stanchion.proto.peer.StandingReply;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether this node may vote from the start. A member that has lost its log must not: it would have forgotten what it has
 * promised, and could help to elect a leader that lacks acknowledged messages. It asks the leader to be taken out of the group, starts
 * knowing nobody, and asks to be taken in again; Ratis lets it in when it has caught up.
 */
public final class Membership {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);
    private static final long ASK_AGAIN_MILLIS = 200;
    private static final long MEET_AGAIN_MILLIS = 2_000;

    private final DataDirectory data;
    private final List<String> otherNodes;
    private final Peers peers;
    private final BooleanSupplier stopped;
    private volatile String waitingFor = "";

    /** Nodes that have another encryption key. Owned by the thread that asks the others. */
    private final Set<String> disagreeing = new TreeSet<>();

    /** What the other nodes are asked. All of it blocks, but not for ever. */
    public interface Peers {
        StandingReply standing(String nodeId, String birth) throws IOException;

        /** Asks the leader to take this node out of the group. */
        void expel(String leader) throws IOException;

        /** Asks the leader to take this node into the group again. */
        void admit(String leader) throws IOException;
    }

    /** @param stopped whether to give up waiting */
    public Membership(DataDirectory data, List<String> otherNodes, Peers peers, BooleanSupplier stopped) {
        this.data = data;
        this.otherNodes = List.copyOf(otherNodes);
        this.peers = peers;
        this.stopped = stopped;
    }

    /** What the start waits for, in a few words; empty if it does not wait. Any thread. */
    public String waitingFor() {
        return waitingFor;
    }

    /**
     * Whether to start as one of the voters. Blocks, on a node without a log, until enough of the others have been asked, and if the log is
     * lost, until the leader has taken this node out of the group.
     *
     * @throws DataDirectoryException if a node without others has lost its log
     */
    public boolean mayVote() throws IOException, InterruptedException {
        if (data.stage() == DataDirectory.Stage.REJOINING) {
            beginAnew();
            return false;
        }
        if (data.hasLog()) {
            return true;
        }
        boolean lost = data.stage() == DataDirectory.Stage.MEMBER;
        if (otherNodes.isEmpty()) {
            if (lost) {
                throw new DataDirectoryException(
                        "data directory " + data.root() + " has lost its Raft log, and there is"
                                + " no other node to get it from; restore the directory, or empty it to start anew without the data");
            }
            return true;
        }
        if (lost || wasKnown()) {
            log.warn("the Raft log of this node is gone; it does not vote before the cluster has taken it in again");
            data.enter(DataDirectory.Stage.REJOINING);
            beginAnew();
            return false;
        }
        return true;
    }

    /** Out of the group first: what an earlier attempt to come in has written may count there. */
    private void beginAnew() throws IOException, InterruptedException {
        if (!askLeader(peers::expel)) {
            throw new InterruptedException("stopped while waiting for a leader");
        }
        data.deleteLog();
    }

    /** Whether anybody among a majority (this node counts) has met this node with another data directory. */
    private boolean wasKnown() throws IOException, InterruptedException {
        int majority = (otherNodes.size() + 1) / 2 + 1;
        Set<String> strangers = new TreeSet<>();
        while (!stopped.getAsBoolean()) {
            for (String other : otherNodes) {
                if (!strangers.contains(other) && isKnownTo(other, strangers)) {
                    return true;
                }
            }
            refuseIfAMajorityDisagrees();
            int present = strangers.size() + 1;
            if (present >= majority) {
                waitFor("");
                return false;
            }
            Set<String> absent = new TreeSet<>(otherNodes);
            absent.removeAll(strangers);
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

    private boolean isKnownTo(String other, Set<String> strangers) throws DataDirectoryException {
        StandingReply reply;
        try {
            reply = peers.standing(other, data.birth());
        } catch (IOException e) {
            log.debug("not answered yet: {}", e.getMessage());
            return false;
        }
        if (!agreesOnEncryption(other, reply)) {
            return false;
        }
        data.remember(other, reply.getBirth()); // should it lose its log, this node may be the only one that it can ask
        if (!reply.getKnown()) {
            strangers.add(other);
        }
        return reply.getKnown();
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
        if (disagreeing.size() > (otherNodes.size() + 1) / 2) {
            throw new DataDirectoryException("the nodes " + String.join(", ", disagreeing)
                    + " do not encrypt as this node does; give it the same encrypt and encryption key, and an empty"
                    + " directory in place of data directory " + data.root() + ", which has no log");
        }
    }

    /** After the Raft server has started: makes this node a member, with the leader's help if it has to come in again. Blocks. */
    public void complete() throws IOException, InterruptedException {
        if (data.stage() == DataDirectory.Stage.REJOINING) {
            if (!askLeader(peers::admit)) {
                return;
            }
            log.info("the cluster has taken this node in again");
        }
        data.enter(DataDirectory.Stage.MEMBER);
    }

    /** Asks every other node that has not been met yet, until all have: whoever loses its log later shall find one that knows it. Blocks. */
    public void meetOthers() throws IOException, InterruptedException {
        while (!stopped.getAsBoolean()) {
            boolean all = true;
            for (String other : otherNodes) {
                all &= data.knows(other) || hasMet(other);
            }
            if (all) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(MEET_AGAIN_MILLIS);
        }
    }

    private boolean hasMet(String other) throws DataDirectoryException {
        try {
            StandingReply reply = peers.standing(other, data.birth());
            if (!agreesOnEncryption(other, reply)) {
                return false;
            }
            data.remember(other, reply.getBirth());
            return true;
        } catch (DataDirectoryException e) {
            throw e;
        } catch (IOException e) {
            log.debug("not met yet: {}", e.getMessage());
            return false;
        }
    }

    /** Something that a leader does. */
    private interface Favour {
        void ask(String leader) throws IOException;
    }

    /** Until a leader has done it; returns false if the node stops before. */
    private boolean askLeader(Favour favour) throws InterruptedException {
        while (!stopped.getAsBoolean()) {
            if (askLeaderOnce(favour)) {
                waitFor("");
                return true;
            }
            waitFor("waiting for a leader to take this node in again, its log is lost");
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
        }
        return false;
    }

    private boolean askLeaderOnce(Favour favour) {
        for (String other : otherNodes) {
            try {
                String leader = peers.standing(other, data.birth()).getLeader();
                if (!leader.isEmpty() && otherNodes.contains(leader)) {
                    favour.ask(leader);
                    return true;
                }
            } catch (IOException e) {
                log.debug("not taken in yet: {}", e.getMessage());
            }
        }
        return false;
    }
}
