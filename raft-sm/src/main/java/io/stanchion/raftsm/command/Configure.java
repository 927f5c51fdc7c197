package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;
import io.stanchion.raftsm.model.Settings;

/**
 * The leader's settings, in force from here on, for what is stored too: apply never looks at a node's own configuration.
 *
 * @param term of the leader whose settings they are; what reaches the log through its successor does nothing. 0 if it does not say
 */
public record Configure(Settings settings, long term) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        if (!meta.isOfTerm(term)) {
            return Outcome.NOTHING;
        }
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        if (!settings.equals(state.settings())) {
            state.configure(settings, out);
        }
        state.enforceLimits(out);
        return Outcome.of(out);
    }
}
