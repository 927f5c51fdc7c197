package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;
import io.stanchion.raftsm.model.Settings;

/** The leader's settings, in force from here on, for what is stored too: apply never looks at a node's own configuration. */
public record Configure(Settings settings) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        if (!settings.equals(state.settings())) {
            state.configure(settings, out);
        }
        state.enforceLimits(out);
        return Outcome.of(out);
    }
}
