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
 * promised, and could help to elect a leader that lacks acknowledged messages. It starts knowing nobody, and asks the leader to be taken out
 * of the group and in again; Ratis lets it in when it has caught up.
 */
public final class Membership {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);
    private static final long ASK_AGAIN_MILLIS = 200;

    private final DataDirectory data;
    private final List<String> otherNodes;
    private final Peers peers;
    private final BooleanSupplier stopped;

    /** What the other nodes are asked. Both block, but not for ever. */
    public interface Peers {
        StandingReply standing(String nodeId, String birth) throws IOException;

        void readmit(String leader) throws IOException;
    }

    /** @param stopped whether to give up waiting */
    public Membership(DataDirectory data, List<String> otherNodes, Peers peers, BooleanSupplier stopped) {
        this.data = data;
        this.otherNodes = List.copyOf(otherNodes);
        this.peers = peers;
        this.stopped = stopped;
    }

    /**
     * Whether to start as one of the voters. Blocks, on a node without a log, until enough of the others have been asked.
     *
     * @throws DataDirectoryException if a node without others has lost its log
     */
    public boolean mayVote() throws IOException, InterruptedException {
        if (data.stage() == DataDirectory.Stage.REJOINING) {
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
            return false;
        }
        return true;
    }

    /** Whether anybody among a majority (this node counts) has met this node with another data directory. */
    private boolean wasKnown() throws IOException, InterruptedException {
        int majority = (otherNodes.size() + 1) / 2 + 1;
        boolean said = false;
        Set<String> strangers = new TreeSet<>();
        while (!stopped.getAsBoolean()) {
            for (String other : otherNodes) {
                if (!strangers.contains(other) && isKnownTo(other, strangers)) {
                    return true;
                }
            }
            int present = strangers.size() + 1;
            if (present >= majority) {
                return false;
            }
            if (!said) {
                said = true;
                log.info("waiting for other nodes to begin a new cluster present={} needed={}", present, majority);
            }
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
        }
        throw new InterruptedException("stopped while waiting for other nodes");
    }

    private boolean isKnownTo(String other, Set<String> strangers) throws DataDirectoryException {
        StandingReply reply;
        try {
            reply = peers.standing(other, data.birth());
        } catch (IOException e) {
            log.debug("not answered yet: {}", e.getMessage());
            return false;
        }
        if (!reply.getLeader().isEmpty()) {
            data.remember(
                    other,
                    reply.getBirth()); // it has a log; should it lose it, this node may be the only one that it can ask
        }
        if (!reply.getKnown()) {
            strangers.add(other);
        }
        return reply.getKnown();
    }

    /** After the Raft server has started: makes this node a member, with the leader's help if it has to come in again. Blocks. */
    public void complete() throws IOException, InterruptedException {
        if (data.stage() == DataDirectory.Stage.REJOINING) {
            while (!readmitted()) {
                if (stopped.getAsBoolean()) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
            }
            log.info("the cluster has taken this node in again");
        }
        data.enter(DataDirectory.Stage.MEMBER);
    }

    private boolean readmitted() {
        for (String other : otherNodes) {
            try {
                String leader = peers.standing(other, data.birth()).getLeader();
                if (!leader.isEmpty() && otherNodes.contains(leader)) {
                    peers.readmit(leader);
                    return true;
                }
            } catch (IOException e) {
                log.debug("not taken in yet: {}", e.getMessage());
            }
        }
        return false;
    }
}
