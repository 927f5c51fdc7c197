package io.stanchion.node.raft;

import io.stanchion.proto.peer.StandingReply;
import io.stanchion.raftsm.ratis.Damage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes this node's data out of use when it can't be trusted any more. Thread-safe; no call blocks.
 *
 * <p>The data directory notes the doubt, leadership goes to another node, and the node restarts. {@link Membership} then asks the leader to
 * take it out of the group, sets the data aside, and lets it come in again as a node that was emptied.
 *
 * <p>All this only if the others are a majority without this node, and none of them doubts its data too. Two nodes that begin at the same
 * time see each other's note, and both wait and look again. Until then this node goes on as a follower: what it has may be all there is.
 */
public final class Quarantine {
    private static final Logger log = LoggerFactory.getLogger(Quarantine.class);
    private static final long LOOK_AGAIN_MILLIS = 1_000;

    private final DataDirectory data;
    private final Others others;
    private final Node node;
    private final BooleanSupplier stopped;
    private final AtomicReference<@Nullable String> begun = new AtomicReference<>();

    /** The rest of the group. */
    public interface Others {
        /** IDs of the members of the group besides this node; empty if it is alone. */
        List<String> members();

        /** What one of them says. Blocks, but not for ever. */
        StandingReply ask(String nodeId) throws IOException;
    }

    /** This node. */
    public interface Node {
        /** Gives leadership to another node, if this one leads. Blocks, but not for long. */
        void handOver();

        /** Ends everything, and starts it anew. */
        void restart(String reason);

        /** Ends everything: there is nobody to get the data from. */
        void end(String reason, Throwable cause);
    }

    /** @param stopped whether to give up waiting */
    public Quarantine(DataDirectory data, Others others, Node node, BooleanSupplier stopped) {
        this.data = data;
        this.others = others;
        this.node = node;
        this.stopped = stopped;
    }

    /** Why this node's data is not to be trusted; empty if it is. */
    public String reason() {
        String reason = begun.get();
        return reason == null ? "" : reason;
    }

    /**
     * The data can't be trusted, but the replica still runs: it restarts without the data as soon as the others can do without it. A node
     * that is alone only says so.
     */
    public void quarantine(String reason) {
        if (!begun.compareAndSet(null, reason)) {
            return;
        }
        if (others.members().isEmpty()) {
            log.error(
                    "the data in {} is damaged: {}; restore it from a copy, there is no other node to get it from",
                    data.root(),
                    reason);
            return;
        }
        log.error("this node's data can't be trusted: {}", reason);
        start(() -> leaveWhenOthersCanDoWithout(reason));
    }

    /** The same, when the replica can't go on in any case. A node that is alone ends. */
    public void quarantineNow(String reason, Throwable cause) {
        if (others.members().isEmpty()) {
            if (begun.compareAndSet(null, reason)) {
                note(reason);
                node.end(reason, cause);
            }
            return;
        }
        begun.compareAndSet(null, reason); // what waits for the others waits in vain then: the node ends before
        log.error("this node's data can't be trusted: {}", reason, cause);
        start(() -> {
            if (note(reason)) {
                node.restart(reason);
            } else {
                node.end(reason, cause);
            }
        });
    }

    /**
     * Found before the replica runs: the next start asks the others.
     *
     * @throws DataDirectoryException if that can't be noted
     */
    public void noteAtStart(String reason) throws DataDirectoryException {
        log.error("this node's data is damaged: {}", reason);
        data.noteDoubt(reason);
    }

    /** What is damaged, in a few words; empty if that is not why it failed. */
    public static String damageIn(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DamagedDataException) {
                return String.valueOf(cause.getMessage());
            }
        }
        return Damage.isIn(failure) ? Damage.reason(failure) : "";
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "quarantine");
        thread.setDaemon(true);
        thread.start();
    }

    private void leaveWhenOthersCanDoWithout(String reason) {
        boolean isTold = false;
        while (!stopped.getAsBoolean()) {
            if (tryToLeave(reason)) {
                return;
            }
            if (!isTold) {
                isTold = true;
                log.error("keeping this node's data in use for now: the others are no majority without it");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(
                        LOOK_AGAIN_MILLIS + ThreadLocalRandom.current().nextLong(LOOK_AGAIN_MILLIS));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** A round that fails is as one that has found too few: nobody else would begin again. */
    private boolean tryToLeave(String reason) {
        try {
            node.handOver();
            if (canDoWithout() && note(reason)) {
                if (canDoWithout()) { // asked again: one of them may have noted a doubt of its own meanwhile
                    node.restart(reason);
                    return true;
                }
                withdraw();
            }
        } catch (RuntimeException e) {
            log.error("could not take this node's data out of use, and try again", e);
        }
        return false;
    }

    private boolean canDoWithout() {
        List<String> members = others.members();
        int majority = (members.size() + 1) / 2 + 1;
        return members.stream().filter(this::isWell).count() >= majority;
    }

    private boolean isWell(String nodeId) {
        try {
            StandingReply reply = others.ask(nodeId);
            return !reply.getLeader().isEmpty() && reply.getDoubt().isEmpty();
        } catch (IOException e) {
            log.debug("not counted: {}", e.getMessage());
            return false;
        }
    }

    private boolean note(String reason) {
        try {
            data.noteDoubt(reason);
            return true;
        } catch (IOException e) {
            log.error("{}", e.getMessage());
            return false;
        }
    }

    private void withdraw() {
        try {
            data.forgetDoubt();
        } catch (IOException e) {
            log.error("{}", e.getMessage());
        }
    }
}
