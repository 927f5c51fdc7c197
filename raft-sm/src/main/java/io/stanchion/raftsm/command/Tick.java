package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;

/** Time has passed on a quiet cluster: what is too old goes. */
public record Tick() implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        state.enforceLimits(meta.timeNanos());
        return Outcome.NOTHING;
    }
}
