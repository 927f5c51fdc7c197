package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;
import io.stanchion.raftsm.model.Subscription;

/** The subscriber has its answer: messages may follow it now. */
public record StartDelivery(long subscription) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        Subscription answered = state.subscription(subscription);
        if (answered == null) {
            return Outcome.NOTHING; // closed meanwhile
        }
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        answered.start(out);
        return Outcome.of(out);
    }
}
