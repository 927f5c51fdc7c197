package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;

/** Time has passed on a quiet cluster: what is too old goes. */
public record Tick() implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        state.enforceLimits(out);
        return Outcome.of(out);
    }
}
