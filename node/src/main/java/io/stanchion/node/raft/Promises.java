package io.stanchion.node.raft;

import io.stanchion.proto.peer.Member;
import io.stanchion.proto.peer.Promised;
import io.stanchion.proto.peer.StandingReply;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node has promised, as the others remember it. A disk that has lost the end of the log, or a copy of the directory put back in
 * its place, looks in itself as if there had never been more; so the node tells the others once a second how far it is, and asks them at
 * its next start.
 *
 * <p>Only what is committed and on this node's disk is told, and the term. Neither ever goes back, so whoever has less has lost it. Nobody
 * is told before it was asked: its answer would be forgotten. Owned by the thread that starts the node, then by the one that attends.
 */
final class Promises {
    private static final Logger log = LoggerFactory.getLogger(Promises.class);
    private static final long ANSWER_MILLIS = 1_500;
    private static final long ASK_AGAIN_MILLIS = 200;

    private final DataDirectory data;
    private final KnownPlaces others;
    private final Membership.Peers peers;
    private final BooleanSupplier stopped;
    private final Set<String> asked = new TreeSet<>();

    /** A majority of these has to answer, this node included if it is among them. */
    private Set<String> voters = Set.of();

    /** What this node has started with; null if it has nothing to compare. */
    private LogCheck.@Nullable Found atStart;

    /** @param stopped whether to give up waiting */
    Promises(DataDirectory data, KnownPlaces others, Membership.Peers peers, BooleanSupplier stopped) {
        this.data = data;
        this.others = others;
        this.peers = peers;
        this.stopped = stopped;
    }

    /**
     * Tells one of the others; before the first time, asks it. Blocks.
     *
     * @throws DamagedDataException if this node had less at its start than the other one remembers
     */
    void tell(String other, long term, long committed, boolean diskIsShort) throws DamagedDataException {
        Promised own = Promised.newBuilder()
                .setIncarnation(data.incarnation())
                .setLogSince(data.logSince())
                .setTerm(term)
                .setIndex(committed)
                .setDiskIsShort(diskIsShort)
                .build();
        try {
            LogCheck.Found found = atStart;
            if (found != null && !asked.contains(other)) {
                compare(
                        found,
                        other,
                        peers.keep(other, data.birth(), Promised.getDefaultInstance())
                                .getPromised());
                asked.add(other);
            }
            peers.keep(other, data.birth(), own);
        } catch (DamagedDataException e) {
            throw e;
        } catch (IOException e) {
            log.debug("not told how far this node is: {}", e.getMessage());
        }
    }

    /**
     * Asks the others what this node had when they last heard of it. Blocks until as many have answered as it takes to elect a leader, and
     * a moment longer for the rest. Of the group as the log has it; if one that hears of a leader names another group, that one counts.
     *
     * @param members IDs, as the log has them; if it does not say, the configuration counts
     * @param waitFor told what is missing
     * @throws DamagedDataException if it has less now
     */
    void compare(LogCheck.Found found, Set<String> members, Consumer<String> waitFor)
            throws DataDirectoryException, DamagedDataException, InterruptedException {
        atStart = found;
        // A removed node that the file still names may be gone for good.
        voters = new TreeSet<>(members.isEmpty() ? others.inFile() : members);
        if (members.isEmpty()) {
            voters.add(data.nodeId());
        }
        askAll(found);
        for (int missing = missing(); missing > 0; missing = missing()) {
            if (stopped.getAsBoolean()) {
                throw new InterruptedException("stopped while waiting for other nodes");
            }
            Set<String> absent = new TreeSet<>(voters);
            absent.removeAll(asked);
            absent.remove(data.nodeId());
            waitFor.accept("waiting for " + missing + " of the nodes " + String.join(", ", absent)
                    + " to say what they remember of this node");
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
            askAll(found);
        }
        waitFor.accept("");
    }

    /** Whether one of the others has heard from this directory as of a member's. Asks all, once. */
    boolean areRemembered() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
        boolean areRemembered = false;
        for (CompletableFuture<Optional<StandingReply>> asking :
                others.all().stream().map(this::ask).toList()) {
            Optional<StandingReply> answer = await(asking, deadline);
            answer.ifPresent(others::learn);
            areRemembered |= answer.isPresent() && answer.get().getPromised().getTerm() > 0;
        }
        return areRemembered;
    }

    private int missing() {
        long present = voters.stream()
                .filter(voter -> voter.equals(data.nodeId()) || asked.contains(voter))
                .count();
        return voters.size() / 2 + 1 - (int) present;
    }

    /** All that have not answered yet, at the same time. */
    private void askAll(LogCheck.Found found)
            throws DataDirectoryException, DamagedDataException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
        List<String> absent =
                others.all().stream().filter(other -> !asked.contains(other)).toList();
        List<CompletableFuture<Optional<StandingReply>>> answers =
                absent.stream().map(this::ask).toList();
        for (int i = 0; i < answers.size(); i++) {
            Optional<StandingReply> answer = await(answers.get(i), deadline);
            if (answer.isPresent()) {
                compare(found, absent.get(i), answer.get());
                asked.add(absent.get(i));
                hearOfGroup(absent.get(i), answer.get());
            }
        }
    }

    /** Only the leader knows who votes now: what another says may be of an earlier time. */
    private void hearOfGroup(String other, StandingReply reply) {
        others.learn(reply);
        if (reply.getLeader().equals(other) && reply.getCommitted() && reply.getMembersCount() > 0) {
            voters = reply.getMembersList().stream()
                    .map(Member::getNodeId)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private CompletableFuture<Optional<StandingReply>> ask(String other) {
        CompletableFuture<Optional<StandingReply>> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        answer.complete(Optional.of(peers.keep(other, data.birth(), Promised.getDefaultInstance())));
                    } catch (IOException | RuntimeException e) {
                        answer.complete(Optional.empty());
                    }
                },
                "ask-" + other);
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    private static Optional<StandingReply> await(CompletableFuture<Optional<StandingReply>> answer, long deadline)
            throws InterruptedException {
        try {
            return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private void compare(LogCheck.Found found, String other, StandingReply reply)
            throws DataDirectoryException, DamagedDataException {
        if (isOlderThan(reply.getPromised())) {
            data.exceed(reply.getPromised()
                    .getIncarnation()); // or its next life would look old, too, if the clock has gone back
        }
        compare(found, other, reply.getPromised());
        // A leader of another term may count entries that a later leader has replaced.
        Promised matched = reply.getMatched();
        long last = last(found);
        if (reply.hasMatched() && matched.getTerm() == found.term() && matched.getIndex() > last) {
            throw new DamagedDataException(lost(last, matched.getIndex(), other));
        }
    }

    /** What it has had acknowledged is no measure while this node runs: it grows. */
    private void compare(LogCheck.Found found, String other, Promised kept) throws DamagedDataException {
        if (isOlderThan(kept)) {
            throw new DamagedDataException(
                    "it is older than what node " + other
                            + " has seen of this node: a copy was put in its place, or the disk has lost what was written last");
        }
        long last = last(found);
        boolean isAboutLog = kept.getTerm() > 0; // else the other one has started since, and knows the incarnation only
        if (isAboutLog && kept.getLogSince() == data.logSince()) {
            if (kept.getIndex() > last) {
                throw new DamagedDataException(lost(last, kept.getIndex(), other));
            }
            if (kept.getTerm() > found.term()) {
                throw new DamagedDataException("its vote is of term " + found.term() + ", but node " + other
                        + " has seen this node in term " + kept.getTerm());
            }
        }
    }

    private boolean isOlderThan(Promised kept) {
        return kept.getIncarnation() > data.earlierIncarnation();
    }

    private long last(LogCheck.Found found) {
        return Math.max(found.last(), data.lastInstalled());
    }

    private static String lost(long last, long promised, String other) {
        return "the Raft log ends at entry " + last + ", but node " + other + " knows that this node had entry "
                + promised;
    }
}
