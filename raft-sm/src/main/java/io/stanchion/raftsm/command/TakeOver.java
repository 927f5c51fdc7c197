package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;

/** The leader of this term begins to deliver: first what an earlier one may not have sent, then what is new. */
public record TakeOver() implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        return Outcome.of(state.takeOver(meta.term(), meta.timeNanos()));
    }
}
