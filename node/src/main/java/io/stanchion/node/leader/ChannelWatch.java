package io.stanchion.node.leader;

import io.stanchion.gateway.stan.ReplicatedLog;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.DeleteChannelProto;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.effect.Effect.ArmIdleTimer;
import io.stanchion.raftsm.effect.Effect.ChannelCreated;
import io.stanchion.raftsm.effect.Effect.ChannelDeleted;
import io.stanchion.raftsm.effect.Effect.LimitsReached;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator what becomes of channels, and looks after those that nobody subscribes to: when one may have been idle for too long,
 * the log is asked to delete it, and decides. So a ring too many does no harm, and a message need not move a timer. Owned by the leader's
 * thread.
 */
final class ChannelWatch {
    /** A proposal whose outcome armed nothing, and which was not answered either, is made again. */
    static final long REPEAT_NANOS = 5_000_000_000L;

    /** After a proposal that was refused. */
    static final long RETRY_NANOS = 1_000_000_000L;

    private static final Logger logger = LoggerFactory.getLogger(ChannelWatch.class);
    private static final String UNITS = "KMGTPE";

    private final ReplicatedLog log;
    private final Mailbox mailbox;
    private final Clocks clocks;

    /** By channel ID, on the log's clock. */
    private final Deadlines<Long> deadlines = new Deadlines<>();

    /** Names of the channels with a timer. */
    private final Map<Long, String> names = new HashMap<>();

    ChannelWatch(ReplicatedLog log, Mailbox mailbox, Clocks clocks) {
        this.log = log;
        this.mailbox = mailbox;
        this.clocks = clocks;
    }

    /** Returns false if this effect is for others. */
    boolean perform(Effect effect) {
        if (effect instanceof ArmIdleTimer arm) {
            names.put(arm.channelId(), arm.channel());
            deadlines.set(arm.channelId(), arm.deadlineNanos());
        } else if (effect instanceof ChannelCreated created) {
            logger.info("STREAM: Channel \"{}\" has been created", created.channel());
        } else if (effect instanceof ChannelDeleted deleted) {
            forget(deleted.channelId());
            logger.info("STREAM: Channel \"{}\" has been deleted", deleted.channel());
        } else if (effect instanceof LimitsReached full) {
            warn(full);
        } else {
            return false;
        }
        return true;
    }

    private static void warn(LimitsReached full) {
        logger.warn(
                "STREAM: Reached limits for store \"{}\" (msgs={}/{} bytes={}/{}),"
                        + " dropping old messages to make room for new ones",
                full.channel(),
                full.messages(),
                full.maxMessages(),
                size(full.bytes()),
                size(full.maxBytes()));
    }

    /** As the reference writes it: {@code 512 B}, {@code 1.50 KB}. */
    static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        double inUnits = bytes / (double) (1L << (unit * 10));
        return String.format(Locale.ROOT, "%.2f %sB", inUnits, UNITS.charAt(unit - 1));
    }

    void ring() {
        long now = clocks.logNanos();
        for (Long due = deadlines.pollDue(now); due != null; due = deadlines.pollDue(now)) {
            long channelId = due;
            deadlines.set(due, now + REPEAT_NANOS);
            DeleteChannelProto delete = DeleteChannelProto.newBuilder()
                    .setChannel(names.get(due))
                    .setChannelId(channelId)
                    .build();
            CommandProto command =
                    CommandProto.newBuilder().setDeleteChannel(delete).build();
            long repeat = now + REPEAT_NANOS;
            log.append(command, reply -> mailbox.post(() -> onReply(channelId, repeat, reply.getError())));
        }
    }

    /** On the log's clock, or {@link Deadlines#NONE}. */
    long next() {
        return deadlines.earliest();
    }

    int size() {
        return names.size();
    }

    /** If the channel is to be looked after still, the outcome has said so before: then its deadline is another one. */
    private void onReply(long channelId, long repeat, String error) {
        if (deadlines.of(channelId) != repeat) {
            return;
        }
        if (error.isEmpty()) {
            forget(channelId);
        } else {
            deadlines.set(channelId, clocks.logNanos() + RETRY_NANOS);
        }
    }

    private void forget(long channelId) {
        deadlines.remove(channelId);
        names.remove(channelId);
    }
}
