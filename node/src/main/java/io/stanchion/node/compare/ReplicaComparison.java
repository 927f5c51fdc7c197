package io.stanchion.node.compare;

import io.stanchion.gateway.stan.ReplicatedLog;
import io.stanchion.node.monitor.ComparisonFacts;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.raftsm.command.CommandCodec;
import io.stanchion.raftsm.command.CompareDigests;
import io.stanchion.raftsm.command.ReportDigest;
import io.stanchion.raftsm.model.Digest;
import io.stanchion.raftsm.model.Observation;
import io.stanchion.raftsm.model.Observation.DigestReported;
import io.stanchion.raftsm.model.Observation.DigestTaken;
import io.stanchion.raftsm.model.Observation.Opened;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves to this node that its replica is equal to the others, or takes it out of use. Thread-safe; nothing blocks.
 *
 * <p>Now and then the leader proposes to compare. Apply takes the digest at that entry, on every node, and each node reports its own through
 * the log. So all hear the same reports in the same order, whoever leads meanwhile, and come to the same conclusion: what a majority has is
 * right, and a node that has something else is wrong. Without a majority nobody is right, and an operator has to look.
 */
public final class ReplicaComparison {
    private static final Logger log = LoggerFactory.getLogger(ReplicaComparison.class);

    /** Reports come within milliseconds, but a node may be busy. */
    private static final long REPORT_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    /** Late reports are for the last round or the one before. */
    private static final int ROUNDS_KEPT = 4;

    private final String nodeId;
    private final ReplicatedLog raftLog;
    private final Here here;
    private final Consumer<String> quarantine;
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final Lock lock = new ReentrantLock();

    // Guarded by the lock
    private final Deque<Round> rounds = new ArrayDeque<>();
    private final Map<String, String> deviants = new TreeMap<>();
    private @Nullable DigestTaken unreported;
    private boolean isReporting;
    private boolean isProposing;
    private boolean isCompared;
    private long lastRoundNanos;
    private long disputedIndex;
    private String dispute = "";
    private long equalRounds;
    private long mismatches;
    private long equalIndex;
    private long equalNanos;
    private Digest equalDigest = new Digest(Digest.VERSION, 0, List.of());

    /** What this node knows of itself. */
    public interface Here {
        /** Whether it leads, and has applied everything of earlier terms. */
        boolean isLeading();

        /** Whether its replica has applied what is committed, more or less. */
        boolean isCaughtUp();

        /** Node IDs of the group, this node's included. */
        List<String> members();

        /** While it leads: whether all members answer. */
        boolean hearsAll();

        /** Grows with every entry that may have changed something worth comparing. */
        long changes();
    }

    /**
     * @param quarantine takes this node's data out of use, for a reason; must return at once
     * @param intervalNanos between two comparisons, as long as anything changes; 0 for none
     */
    public ReplicaComparison(
            String nodeId,
            ReplicatedLog raftLog,
            Here here,
            Consumer<String> quarantine,
            long intervalNanos,
            LongSupplier nanoTime) {
        this.nodeId = nodeId;
        this.raftLog = raftLog;
        this.here = here;
        this.quarantine = quarantine;
        this.intervalNanos = intervalNanos;
        this.nanoTime = nanoTime;
        this.lastRoundNanos = nanoTime.getAsLong();
    }

    /** On the apply thread, in log order. */
    public void observe(Observation observation) {
        String wrong = "";
        lock.lock();
        try {
            if (observation instanceof Opened) {
                rounds.clear();
                isCompared = false;
            } else if (observation instanceof DigestTaken taken) {
                begin(taken);
            } else if (observation instanceof DigestReported reported) {
                Round round = find(reported.round());
                if (round != null) {
                    round.report(reported.nodeId(), reported.digest());
                    wrong = judge(round, reported.nodeId());
                }
            }
        } finally {
            lock.unlock();
        }
        if (!wrong.isEmpty()) {
            quarantine.accept(wrong);
        }
        report();
    }

    private void begin(DigestTaken taken) {
        lastRoundNanos = nanoTime.getAsLong();
        rounds.addLast(new Round(taken, lastRoundNanos));
        if (rounds.size() > ROUNDS_KEPT) {
            rounds.removeFirst();
        }
        deviants.keySet().retainAll(taken.members()); // one that was removed is never heard of again
        unreported = taken;
    }

    private @Nullable Round find(long index) {
        return rounds.stream()
                .filter(round -> round.index() == index)
                .findFirst()
                .orElse(null);
    }

    // Judging

    /** Returns why this node's replica is wrong; empty if it is right, or nobody can say. */
    private String judge(Round round, String reporter) {
        Digest right = round.majority();
        if (right == null) {
            return "";
        }
        if (round.index() >= disputedIndex) {
            dispute = "";
        }
        tellOfDeviants(round, right);
        if (round.ownDigest().equals(right)) {
            if (round.index() > equalIndex) {
                equalRounds++;
                equalIndex = round.index();
                equalNanos = nanoTime.getAsLong();
                equalDigest = right;
            }
            isCompared = true;
            return "";
        }
        if (!round.ownDigest().isComparableTo(right)) {
            return ""; // until all begin anew
        }
        isCompared = true;
        mismatches += deviants.put(nodeId, "this node") == null ? 1 : 0;
        log.debug("found wrong by the report of node {}", reporter);
        return "at index " + round.index() + " it is not what the nodes " + String.join(", ", round.agreeing())
                + " have; they differ in " + String.join(", ", right.differences(round.ownDigest()));
    }

    private void tellOfDeviants(Round round, Digest right) {
        round.agreeing().forEach(deviants::remove);
        Map<String, Digest> found = round.deviants();
        found.keySet().retainAll(rounds.getLast().members()); // this one may be an earlier round
        found.forEach((deviant, digest) -> {
            String differences = String.join(", ", right.differences(digest));
            if (!deviant.equals(nodeId) && deviants.put(deviant, differences) == null) {
                mismatches++;
                log.error(
                        "node {} has not the state that a majority has: index={} differences={}; it is to be rebuilt from the others",
                        deviant,
                        round.index(),
                        differences);
            }
        });
    }

    /** A round that came to no majority although there was time. */
    private void lookForDispute(long now) {
        for (Round round : rounds) {
            boolean isOver = round.isComplete() || now - round.beganNanos() >= REPORT_NANOS_MAX;
            if (round.index() > disputedIndex && isOver && round.isDisputed()) {
                disputedIndex = round.index();
                mismatches++;
                dispute = "the replicas differ at index " + round.index() + ", and no majority has the same: "
                        + round.reports();
                log.error(
                        "{}; nobody knows which of them is right: all go on as they are; rebuild one node at a time from the others: stop one, empty its data directory, start it, wait until it is ready and equal, then the next",
                        dispute);
            }
        }
    }

    // Proposing

    /** About once a second, on any one thread. */
    public void tick() {
        long now = nanoTime.getAsLong();
        List<String> members = here.members();
        Present present = new Present(here.isLeading(), here.isCaughtUp(), here.hearsAll(), here.changes());
        CompareDigests proposal = null;
        lock.lock();
        try {
            lookForDispute(now);
            Round last = rounds.peekLast();
            boolean begin = last != null && last.needsBeginning();
            if (intervalNanos > 0 && members.size() > 1 && !isProposing && isDue(last, now, begin, present)) {
                isProposing = true;
                proposal = new CompareDigests(Digest.VERSION, members, begin && present.isLeading);
            }
        } finally {
            lock.unlock();
        }
        if (proposal != null) {
            propose(proposal);
        }
    }

    /** Asked for without the lock: those who answer have locks of their own. */
    private record Present(boolean isLeading, boolean isCaughtUp, boolean hearsAll, long changes) {}

    private boolean isDue(@Nullable Round last, long now, boolean begin, Present present) {
        boolean isTime = now - lastRoundNanos >= intervalNanos;
        if (present.isLeading) {
            if (last == null) {
                return isTime;
            }
            if (begin && (last.isComplete() || isTime)) {
                return true;
            }
            boolean isLacking = !last.isComplete() && present.hearsAll;
            return isTime && (last.changes() != present.changes || isLacking);
        }
        // The leader does not know that this replica comes from a disk, and may have nothing else to compare.
        return isTime && !isCompared && present.isCaughtUp;
    }

    private void propose(CompareDigests proposal) {
        raftLog.append(CommandCodec.encode(proposal), reply -> {
            lock.lock();
            try {
                isProposing = false;
            } finally {
                lock.unlock();
            }
        });
    }

    /** The last digest that was taken, unless an earlier one is on its way: whoever catches up need not report them all. */
    private void report() {
        CommandProto report;
        lock.lock();
        try {
            DigestTaken taken = unreported;
            if (taken == null || isReporting || !taken.members().contains(nodeId)) {
                return;
            }
            unreported = null;
            isReporting = true;
            report = CommandCodec.encode(new ReportDigest(taken.round(), nodeId, taken.digest()));
        } finally {
            lock.unlock();
        }
        raftLog.append(report, reply -> {
            lock.lock();
            try {
                isReporting = false;
            } finally {
                lock.unlock();
            }
            report();
        });
    }

    /** For monitoring. */
    public ComparisonFacts facts() {
        lock.lock();
        try {
            StringBuilder disagreement = new StringBuilder(dispute);
            deviants.forEach((node, differences) -> disagreement
                    .append(disagreement.length() == 0 ? "" : "; ")
                    .append(node.equals(nodeId) ? "this node differs" : "node " + node + " differs in " + differences));
            long age = equalIndex == 0 ? -1 : TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - equalNanos);
            return new ComparisonFacts(
                    equalRounds, mismatches, equalIndex, age, equalDigest.toString(), disagreement.toString());
        } finally {
            lock.unlock();
        }
    }
}
