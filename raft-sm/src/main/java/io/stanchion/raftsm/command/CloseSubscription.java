package io.stanchion.raftsm.command;

import io.stanchion.proto.command.CloseSubscriptionReply;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.ClientSession;
import io.stanchion.raftsm.model.Leaving;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;
import io.stanchion.raftsm.model.QueueGroup;
import io.stanchion.raftsm.model.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Subscription close, or unsubscribe.
 *
 * @param inbox the ack inbox; a client whose subscribe timed out knows only its delivery inbox
 * @param why close or unsubscribe
 */
public record CloseSubscription(String clientId, String channel, String inbox, Leaving why) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        Channel known = state.channel(channel);
        if (known == null) {
            return Outcome.refused("stan: unknown channel");
        }
        Subscription subscription = find(known, state);
        if (subscription == null) {
            return Outcome.refused("stan: invalid subscription");
        }
        ClientSession session = state.session(clientId);
        if (session == null || subscription.session() != session) {
            return Outcome.refused("stan: unknown clientID");
        }
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        CloseSubscriptionReply reply = reply(subscription);
        state.end(subscription, why, out);
        return Outcome.of(ReplyProto.newBuilder().setCloseSubscription(reply).build(), out);
    }

    private CloseSubscriptionReply reply(Subscription ending) {
        QueueGroup group = ending.group();
        boolean isDurable =
                group == null ? ending.isDurable() : !group.durableName().isEmpty();
        CloseSubscriptionReply.How how = CloseSubscriptionReply.How.REMOVED;
        if (group != null && group.members().size() > 1) {
            how = CloseSubscriptionReply.How.LEFT;
        } else if (isDurable && why != Leaving.UNSUBSCRIBE) {
            how = CloseSubscriptionReply.How.SUSPENDED;
        }
        return CloseSubscriptionReply.newBuilder()
                .setSubscription(ending.id())
                .setInbox(ending.inbox())
                .setDurableName(group == null ? ending.durableName() : group.durableName())
                .setQueueGroup(group == null ? "" : group.name())
                .setHow(how)
                .build();
    }

    private @Nullable Subscription find(Channel known, MachineState state) {
        Subscription byAckInbox = state.acknowledgingOn(inbox);
        return byAckInbox != null && byAckInbox.channel() == known ? byAckInbox : known.receivingOn(inbox, clientId);
    }
}
