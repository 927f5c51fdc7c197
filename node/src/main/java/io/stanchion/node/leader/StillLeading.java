package io.stanchion.node.leader;

import io.stanchion.gateway.stan.ReplicatedLog;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.TickProto;

/**
 * Whether this node may deliver. A process that stood still, because it was stopped or its machine was, comes back in the belief that it
 * leads, while others may have chosen another leader and delivered. So after each standstill it asks the log. A machine that was suspended
 * may know by its wall clock alone; where that was set forward, the question was needless. If it still leads, the answer
 * means that a majority follows it; if it does not, it learns that, and its term is closed, before any other leader is asked.
 * Acknowledgements need no such question, since they are the log's answers anyway. Owned by the leader's thread.
 */
final class StillLeading {
    private static final CommandProto QUESTION =
            CommandProto.newBuilder().setTick(TickProto.getDefaultInstance()).build();

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final long standstillNanos;
    private final ReplicatedLog log;
    private final Mailbox mailbox;
    private final Clocks clocks;
    private long awakeNanos;
    private long awakeMillis;
    private long standstills;
    private long answered;
    private long retryNanos = Deadlines.NONE;

    /** @param standstillNanos longer than that the thread is never away by itself; shorter than any election */
    StillLeading(long standstillNanos, ReplicatedLog log, Mailbox mailbox, Clocks clocks) {
        this.standstillNanos = standstillNanos;
        this.log = log;
        this.mailbox = mailbox;
        this.clocks = clocks;
        this.awakeNanos = clocks.monotonicNanos();
        this.awakeMillis = clocks.wallMillis();
    }

    /** To be called before each message, and often enough when there is none. */
    boolean isCertain() {
        long now = clocks.monotonicNanos();
        long millis = clocks.wallMillis();
        boolean stoodStill =
                now - awakeNanos > standstillNanos || (millis - awakeMillis) * NANOS_PER_MILLI > standstillNanos;
        awakeNanos = now;
        awakeMillis = millis;
        if (stoodStill) {
            standstills++;
        }
        if (stoodStill || now >= retryNanos) {
            ask(now);
        }
        return answered == standstills;
    }

    /** When there is something to do if no answer comes; {@link Deadlines#NONE} if there isn't. */
    long next() {
        return retryNanos;
    }

    private void ask(long now) {
        long question = standstills;
        retryNanos = now + TermProposals.RETRY_NANOS;
        log.append(QUESTION, reply -> mailbox.post(() -> onReply(question, reply.getError())));
    }

    private void onReply(long question, String error) {
        if (question == standstills && error.isEmpty()) {
            answered = question;
            retryNanos = Deadlines.NONE;
        }
    }
}
