package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;

/**
 * The leader of this term begins to deliver: first what an earlier one may not have sent, then what is new.
 *
 * @param term of the leader that proposes it; what reaches the log through its successor does nothing. 0 if it does not say
 */
public record TakeOver(long term) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        if (!meta.isOfTerm(term)) {
            return Outcome.NOTHING;
        }
        return Outcome.of(state.takeOver(meta.term(), meta.timeNanos()));
    }
}
