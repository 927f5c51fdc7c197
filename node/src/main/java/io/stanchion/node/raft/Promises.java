package io.stanchion.node.raft;

import io.stanchion.proto.peer.Promised;
import io.stanchion.proto.peer.StandingReply;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node has promised, as the others remember it. A disk that has lost the end of the log, or a copy of the directory put back in
 * its place, looks in itself as if there had never been more; so the node tells the others once a second how far it is, and asks them at
 * its next start.
 *
 * <p>Only what is committed and on this node's disk is told, and the term. Neither ever goes back, so whoever has less has lost it.
 */
final class Promises {
    private static final Logger log = LoggerFactory.getLogger(Promises.class);
    private static final long ANSWER_MILLIS = 1_500;

    private final DataDirectory data;
    private final List<String> otherNodes;
    private final Membership.Peers peers;

    Promises(DataDirectory data, List<String> otherNodes, Membership.Peers peers) {
        this.data = data;
        this.otherNodes = otherNodes;
        this.peers = peers;
    }

    /** Tells one of the others. Blocks. */
    void tell(String other, long term, long committed, boolean diskIsShort) {
        Promised own = Promised.newBuilder()
                .setIncarnation(data.incarnation())
                .setLogSince(data.logSince())
                .setTerm(term)
                .setIndex(committed)
                .setDiskIsShort(diskIsShort)
                .build();
        try {
            peers.keep(other, data.birth(), own);
        } catch (IOException e) {
            log.debug("not told how far this node is: {}", e.getMessage());
        }
    }

    /**
     * Asks all others, those that answer soon, what this node had when they last heard of it.
     *
     * @throws DamagedDataException if it has less now
     */
    void compare(LogCheck.Found found) throws DamagedDataException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
        List<CompletableFuture<StandingReply>> answers =
                otherNodes.stream().map(this::ask).toList();
        for (int i = 0; i < answers.size(); i++) {
            compare(found, otherNodes.get(i), await(answers.get(i), deadline));
        }
    }

    private CompletableFuture<StandingReply> ask(String other) {
        CompletableFuture<StandingReply> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        answer.complete(peers.keep(other, data.birth(), Promised.getDefaultInstance()));
                    } catch (IOException | RuntimeException e) {
                        answer.complete(StandingReply.getDefaultInstance());
                    }
                },
                "ask-" + other);
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    private static StandingReply await(CompletableFuture<StandingReply> answer, long deadline)
            throws InterruptedException {
        try {
            return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return StandingReply.getDefaultInstance();
        } catch (ExecutionException e) {
            throw new IllegalStateException(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private void compare(LogCheck.Found found, String other, StandingReply reply) throws DamagedDataException {
        Promised kept = reply.getPromised();
        if (kept.getIncarnation() > data.earlierIncarnation()) {
            throw new DamagedDataException(
                    "it is older than what node " + other
                            + " has seen of this node: a copy was put in its place, or the disk has lost what was written last");
        }
        long last = Math.max(found.last(), data.lastInstalled());
        if (kept.getIncarnation() > 0 && kept.getLogSince() == data.logSince()) {
            if (kept.getIndex() > last) {
                throw new DamagedDataException(lost(last, kept.getIndex(), other));
            }
            if (kept.getTerm() > found.term()) {
                throw new DamagedDataException("its vote is of term " + found.term() + ", but node " + other
                        + " has seen this node in term " + kept.getTerm());
            }
        }
        // A leader of another term may count entries that a later leader has replaced.
        Promised matched = reply.getMatched();
        if (reply.hasMatched() && matched.getTerm() == found.term() && matched.getIndex() > last) {
            throw new DamagedDataException(lost(last, matched.getIndex(), other));
        }
    }

    private static String lost(long last, long promised, String other) {
        return "the Raft log ends at entry " + last + ", but node " + other + " knows that this node had entry "
                + promised;
    }
}
