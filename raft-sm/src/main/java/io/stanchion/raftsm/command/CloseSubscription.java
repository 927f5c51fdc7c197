package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.ClientSession;
import io.stanchion.raftsm.model.Leaving;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;
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
        state.end(subscription, why, out);
        return Outcome.of(out);
    }

    private @Nullable Subscription find(Channel known, MachineState state) {
        Subscription byAckInbox = state.acknowledgingOn(inbox);
        return byAckInbox != null && byAckInbox.channel() == known ? byAckInbox : known.receivingOn(inbox, clientId);
    }
}
