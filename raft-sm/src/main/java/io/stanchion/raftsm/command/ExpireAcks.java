package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;
import io.stanchion.raftsm.model.Subscription;

/** The leader's timer rang for this subscription. What is really due is decided here; a needless call only arms the timer again. */
public record ExpireAcks(long subscription) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        Subscription waiting = state.subscription(subscription);
        if (waiting == null) {
            return Outcome.NOTHING;
        }
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        waiting.expire(out);
        return Outcome.of(out);
    }
}
