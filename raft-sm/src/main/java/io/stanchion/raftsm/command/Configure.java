package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Settings;

/** The leader's settings, in force from here on: apply never looks at a node's own configuration. */
public record Configure(Settings settings) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        if (!settings.equals(state.settings())) {
            state.configure(settings, meta.timeNanos());
        }
        return Outcome.NOTHING;
    }
}
