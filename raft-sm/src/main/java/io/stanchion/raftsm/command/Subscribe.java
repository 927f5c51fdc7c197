package io.stanchion.raftsm.command;

import io.stanchion.proto.command.ReplyProto;
import io.stanchion.proto.command.SubscribeReply;
import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.ClientSession;
import io.stanchion.raftsm.model.Leaving;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Options;
import io.stanchion.raftsm.model.Outbox;
import io.stanchion.raftsm.model.QueueGroup;
import io.stanchion.raftsm.model.Start;
import io.stanchion.raftsm.model.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Creates a subscription, resumes a durable, or joins a queue group. It receives nothing before {@link StartDelivery}, so that no message
 * overtakes the answer to the client.
 *
 * @param queueGroup empty for a plain subscription
 * @param durableName empty if it is to die with its session
 * @param replaces ack inbox of a durable that is online but has nobody there: it is resumed all the same; empty at first
 */
public record Subscribe(
        String clientId,
        String channel,
        String queueGroup,
        String durableName,
        Options options,
        Start start,
        String replaces)
        implements Command {
    private static final String DUPLICATE = "stan: duplicate durable registration";

    @Override
    public Outcome apply(Meta meta, MachineState state) {
        ClientSession session = state.session(clientId);
        String refusal = refusal(session, state);
        if (!refusal.isEmpty() || session == null) {
            return refused(refusal, state);
        }
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        Channel opened = state.openChannel(channel, meta.index(), out);
        opened.enforce(out); // a start position never finds what is too old
        SubscribeReply.How how = how(opened);
        Subscription subscription =
                queueGroup.isEmpty() ? plain(opened, session, state, out) : member(opened, session, state, out);
        if (subscription == null) {
            return Outcome.refused("too many subscriptions per channel", out);
        }
        SubscribeReply reply = SubscribeReply.newBuilder()
                .setSubscription(subscription.id())
                .setHow(how)
                .build();
        return Outcome.of(ReplyProto.newBuilder().setSubscribe(reply).build(), out);
    }

    private SubscribeReply.How how(Channel opened) {
        if (queueGroup.isEmpty()) {
            boolean isKnown = !durableName.isEmpty() && opened.durable(clientId, durableName) != null;
            return isKnown ? SubscribeReply.How.RESUMED : SubscribeReply.How.NEW;
        }
        QueueGroup group = opened.group(durableName, queueGroup);
        if (group == null) {
            return SubscribeReply.How.NEW;
        }
        return group.shadow() == null ? SubscribeReply.How.JOINED : SubscribeReply.How.RESUMED;
    }

    /** Whoever proposed this is told what is in the way, and proposes again if nobody is there. */
    private Outcome refused(String refusal, MachineState state) {
        Subscription holder = refusal.equals(DUPLICATE) ? registered(state) : null;
        if (holder == null || !replaces.isEmpty()) {
            return Outcome.refused(refusal);
        }
        SubscribeReply reply = SubscribeReply.newBuilder()
                .setRegisteredInbox(holder.inbox())
                .setRegisteredAckInbox(holder.ackInbox())
                .build();
        return Outcome.refused(
                ReplyProto.newBuilder().setError(refusal).setSubscribe(reply).build());
    }

    /** In the order in which clients may rely on it. */
    private String refusal(@Nullable ClientSession session, MachineState state) {
        String malformed = malformed(state.settings().ackWaitMillis());
        if (!malformed.isEmpty()) {
            return malformed;
        }
        if (session == null) {
            return "stan: unknown clientID";
        }
        String noChannel = state.channelRefusal(channel);
        if (!noChannel.isEmpty()) {
            return noChannel;
        }
        if (!queueGroup.isEmpty() && durableName.indexOf(':') >= 0) {
            return "stan: durable name of a durable queue subscriber can't contain the character ':'";
        }
        if (isDuplicate(state)) {
            return DUPLICATE;
        }
        // Drawn by chance from a space too large for that to happen; acks must never reach two subscriptions.
        return state.acknowledgingOn(options.ackInbox()) != null ? "stan: invalid subscription request" : "";
    }

    private String malformed(boolean ackWaitMillis) {
        if (clientId.isEmpty()) {
            return "stan: clientID missing";
        }
        if (options.ackWaitSecs() == 0 || (options.ackWaitSecs() < 0 && !ackWaitMillis)) {
            return "stan: invalid ack wait time, should be >= 1s";
        }
        if (options.maxInFlight() <= 0) {
            return "stan: invalid MaxInflight, should be >= 1";
        }
        if (!start.isKnown()) {
            return "stan: invalid start position";
        }
        return channel.isEmpty() ? "stan: invalid subject" : "";
    }

    private boolean isDuplicate(MachineState state) {
        Subscription durable = registered(state);
        return durable != null
                && durable.isOnline()
                && !durable.ackInbox().equals(replaces)
                && !state.settings().replaceDurable();
    }

    private @Nullable Subscription registered(MachineState state) {
        Channel known = state.channel(channel);
        return known == null || !queueGroup.isEmpty() || durableName.isEmpty()
                ? null
                : known.durable(clientId, durableName);
    }

    private @Nullable Subscription plain(Channel opened, ClientSession session, MachineState state, Outbox out) {
        Subscription durable = durableName.isEmpty() ? null : opened.durable(clientId, durableName);
        if (durable == null) {
            return state.isFull(opened)
                    ? null
                    : state.newSubscription(opened, durableName, start, session, options, out);
        }
        if (durable.isOnline()) {
            state.end(durable, Leaving.CLOSE, out); // replaced; its old handle ends with this
        }
        state.resume(durable, session, options, out);
        return durable;
    }

    private @Nullable Subscription member(Channel opened, ClientSession session, MachineState state, Outbox out) {
        QueueGroup group = opened.group(durableName, queueGroup);
        Subscription shadow = group == null ? null : group.shadow();
        if (shadow != null) {
            state.resume(shadow, session, options, out);
            return shadow;
        }
        if (state.isFull(opened)) {
            return null;
        }
        QueueGroup joined =
                group != null ? group : state.newGroup(opened, durableName, queueGroup, start, out.timeNanos());
        return state.newMember(joined, opened, session, options, out);
    }
}
