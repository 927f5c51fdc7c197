package io.stanchion.node.leader;

import io.stanchion.gateway.stan.ReplicatedLog;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ConfigureProto;
import io.stanchion.proto.command.SettingsProto;
import io.stanchion.proto.command.TakeOverProto;
import io.stanchion.proto.command.TickProto;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a leader proposes by itself: its settings, then the take-over, then a tick now and then. Each is proposed until the log has
 * taken it. What the log takes in a later term, because it was on its way to the leader by then, does nothing. Owned by the leader's
 * thread.
 */
final class TermProposals {
    static final long RETRY_NANOS = 1_000_000_000L;

    private static final Logger logger = LoggerFactory.getLogger(TermProposals.class);
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final CommandProto TICK =
            CommandProto.newBuilder().setTick(TickProto.getDefaultInstance()).build();

    private final long term;
    private final ReplicatedLog log;
    private final Mailbox mailbox;
    private final Clocks clocks;
    private final long tickNanos;
    private final Deadlines<CommandProto> due = new Deadlines<>();
    private CommandProto configure = CommandProto.getDefaultInstance();

    /** Whether anything ages. */
    private boolean ticking;

    private boolean isTickUnanswered;
    private boolean isTickUrgent;

    TermProposals(long term, LeaderSettings settings, ReplicatedLog log, Mailbox mailbox, Clocks clocks) {
        this.term = term;
        this.log = log;
        this.mailbox = mailbox;
        this.clocks = clocks;
        this.tickNanos = settings.tickMillis() * NANOS_PER_MILLI;
        configure(settings.machine());
        CommandProto takeOver = CommandProto.newBuilder()
                .setTakeOver(TakeOverProto.newBuilder().setTerm(term))
                .build();
        due.set(takeOver, clocks.monotonicNanos() + settings.graceMillis() * NANOS_PER_MILLI);
    }

    /** These settings, and no others that were not proposed yet. */
    void configure(SettingsProto machine) {
        long now = clocks.monotonicNanos();
        due.remove(configure);
        configure = CommandProto.newBuilder()
                .setConfigure(ConfigureProto.newBuilder().setSettings(machine).setTerm(term))
                .build();
        due.set(configure, now);
        boolean ages = machine.getMaxAgeNanos() != 0
                || machine.getChannelLimitsList().stream().anyMatch(limits -> limits.getMaxAgeNanos() != 0);
        if (ages && !ticking) {
            tickIn(tickNanos);
        }
        ticking = ages;
    }

    /** More is to be trimmed than one entry may: the next tick comes at once, or when the present one is answered. */
    void tickNow() {
        isTickUrgent = true;
        tickIn(0);
    }

    private void tickIn(long nanos) {
        if (!isTickUnanswered) {
            due.set(TICK, clocks.monotonicNanos() + nanos);
        }
    }

    void propose() {
        long now = clocks.monotonicNanos();
        for (CommandProto command = due.pollDue(now); command != null; command = due.pollDue(now)) {
            CommandProto proposed = command;
            if (command.hasTick()) {
                isTickUnanswered = true;
                isTickUrgent = false;
            }
            log.append(proposed, reply -> mailbox.post(() -> onReply(proposed, reply.getError())));
        }
    }

    long next() {
        return due.earliest();
    }

    private void onReply(CommandProto command, String error) {
        long now = clocks.monotonicNanos();
        if (command.hasTick()) {
            isTickUnanswered = false; // never two at once
            if (isTickUrgent || ticking) {
                tickIn(isTickUrgent ? 0 : tickNanos);
            }
        } else if (!error.isEmpty() && (!command.hasConfigure() || command.equals(configure))) {
            logger.warn("STREAM: {} was refused, trying again: {}", command.getCommandCase(), error);
            due.set(command, now + RETRY_NANOS);
        }
    }
}
