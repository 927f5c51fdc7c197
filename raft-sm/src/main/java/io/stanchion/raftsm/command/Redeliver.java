package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;
import io.stanchion.raftsm.model.Subscription;

/**
 * The subscriber's connection broke, and its inbox has an owner again: whatever was on its way is lost, so no deadline is waited for.
 *
 * @param presentUntilNanos when the subscriber was last known to be there
 */
public record Redeliver(long subscription, long presentUntilNanos) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        Subscription back = state.subscription(subscription);
        if (back == null) {
            return Outcome.NOTHING;
        }
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        back.redeliver(presentUntilNanos, out);
        return Outcome.of(out);
    }
}
