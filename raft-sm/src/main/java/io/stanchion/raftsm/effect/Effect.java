package io.stanchion.raftsm.effect;

import com.google.protobuf.ByteString;

/** Something the leader must do after an entry was applied. Carries all its runner needs; nobody looks into the model for the rest. */
public sealed interface Effect {

    /**
     * Send messages {@code first..last} of a channel to a subscription's inbox.
     *
     * @param redeliveryCount 0 on the first delivery; otherwise the redelivered flag is set and this is its count
     */
    record Deliver(
            long subscription,
            String inbox,
            long channelId,
            String channel,
            long first,
            long last,
            int redeliveryCount,
            long deadlineNanos)
            implements Effect {}

    /** Something of this subscription is pending until then (log clock, Unix nanoseconds): propose to expire it at that time. */
    record ArmAckTimer(long subscription, long deadlineNanos) implements Effect {}

    /** Send heartbeats to this session from now on. */
    record SessionOpened(String clientId, long session, ByteString connId, String heartbeatInbox) implements Effect {}

    /** @param timedOut it missed too many heartbeats; otherwise it was closed, or replaced */
    record SessionClosed(String clientId, long session, boolean timedOut) implements Effect {}

    /** The session was pinged while its heartbeats are missing: ask for one at once. */
    record HeartbeatNow(String clientId, long session) implements Effect {}

    record ChannelCreated(String channel) implements Effect {}

    record ChannelDeleted(String channel, long channelId) implements Effect {}

    /** Nobody subscribes to this channel: propose to delete it at that time (log clock, Unix nanoseconds). */
    record ArmIdleTimer(String channel, long channelId, long deadlineNanos) implements Effect {}

    /**
     * The oldest messages of this channel are dropped for the first time, to make room.
     *
     * @param maxMessages 0 is unlimited
     * @param maxBytes 0 is unlimited
     */
    record LimitsReached(String channel, long messages, long maxMessages, long bytes, long maxBytes)
            implements Effect {}

    /** There is more to be trimmed than one entry may take time for: propose a tick at once. */
    record TrimUnfinished() implements Effect {}
}
