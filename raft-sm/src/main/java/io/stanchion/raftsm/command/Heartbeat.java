package io.stanchion.raftsm.command;

import io.stanchion.raftsm.model.ClientSession;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;

/** A session missed a heartbeat, or answered one again. Who misses more in a row than allowed is closed. */
public record Heartbeat(String clientId, long session, boolean answered) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        ClientSession registered = state.session(clientId);
        if (registered == null || registered.number() != session) {
            return Outcome.NOTHING; // closed or replaced meanwhile
        }
        if (answered) {
            registered.answerHeartbeat();
            return Outcome.NOTHING;
        }
        registered.missHeartbeat();
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        if (registered.heartbeatsMissed() > state.settings().heartbeatFailCount()) {
            state.closeSession(registered, out);
        }
        return Outcome.of(out);
    }
}
