package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;

/**
 * The leader's timer rang for a channel that may have been idle for too long. Whether it has is decided here: a subscriber or a message
 * that came first wins, and one that comes later finds no channel, and gets a new one of the same name.
 *
 * @param channelId of the channel that is meant, so that a new one of the same name is left alone
 */
public record DeleteChannel(String channel, long channelId) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        Channel idle = state.channel(channel);
        if (idle == null || idle.id() != channelId) {
            return Outcome.NOTHING;
        }
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        if (state.isIdleTooLong(idle)) {
            state.deleteChannel(idle, out);
        } else {
            state.armIdleTimer(idle, out);
        }
        return Outcome.of(out);
    }
}
