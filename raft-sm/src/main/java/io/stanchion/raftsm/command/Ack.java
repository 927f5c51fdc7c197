package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;
import io.stanchion.raftsm.model.SequenceRanges;
import io.stanchion.raftsm.model.Subscription;

/**
 * A subscriber is finished with some sequences. Nobody is ever told of an error: what was never sent, or is settled already, does not
 * matter.
 */
public record Ack(String ackInbox, SequenceRanges done) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        Subscription subscription = state.acknowledgingOn(ackInbox);
        if (subscription == null) {
            return Outcome.NOTHING; // closed while the ack was on its way
        }
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        subscription.settle(done);
        subscription.grantWaiting(out);
        return Outcome.of(out);
    }
}
