package io.stanchion.node.leader;

import io.stanchion.gateway.stan.ReplicatedLog;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ExpireAcksProto;
import java.util.HashSet;
import java.util.Set;

/**
 * One timer per subscription with pending messages, at the earliest deadline heard of. When it rings, the log is asked to look: what is
 * really due is decided there, so a ring too many does no harm, and acks need not stop a timer. Owned by the leader's thread.
 */
final class AckTimers {
    /** A proposal whose outcome armed nothing, and which was not answered either, is made again. */
    static final long REPEAT_NANOS = 5_000_000_000L;

    /** After a proposal that was refused. */
    static final long RETRY_NANOS = 1_000_000_000L;

    private final ReplicatedLog log;
    private final Mailbox mailbox;
    private final Clocks clocks;
    private final Deadlines<Long> deadlines = new Deadlines<>();

    /** Subscriptions whose timer has rung; their deadline is the time to ring again. */
    private final Set<Long> proposed = new HashSet<>();

    AckTimers(ReplicatedLog log, Mailbox mailbox, Clocks clocks) {
        this.log = log;
        this.mailbox = mailbox;
        this.clocks = clocks;
    }

    void arm(long subscription, long deadlineNanos) {
        if (proposed.remove(subscription) || deadlineNanos < deadlines.of(subscription)) {
            deadlines.set(subscription, deadlineNanos);
        }
    }

    void ring() {
        long now = clocks.logNanos();
        for (Long due = deadlines.pollDue(now); due != null; due = deadlines.pollDue(now)) {
            long subscription = due;
            proposed.add(due);
            deadlines.set(due, now + REPEAT_NANOS);
            ExpireAcksProto expire =
                    ExpireAcksProto.newBuilder().setSubscription(subscription).build();
            CommandProto command =
                    CommandProto.newBuilder().setExpireAcks(expire).build();
            log.append(command, reply -> mailbox.post(() -> onReply(subscription, reply.getError())));
        }
    }

    /** On the log's clock, or {@link Deadlines#NONE}. */
    long next() {
        return deadlines.earliest();
    }

    /** Whether something is pending there, as far as is known. */
    boolean isArmed(long subscription) {
        return deadlines.of(subscription) != Deadlines.NONE;
    }

    int size() {
        return deadlines.size();
    }

    private void onReply(long subscription, String error) {
        if (!error.isEmpty()) {
            arm(subscription, clocks.logNanos() + RETRY_NANOS);
        } else if (proposed.remove(subscription)) {
            deadlines.remove(subscription); // if anything is pending still, it is armed again: this came first
        }
    }
}
