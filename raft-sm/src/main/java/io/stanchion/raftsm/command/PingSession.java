package io.stanchion.raftsm.command;

import com.google.protobuf.ByteString;
import io.stanchion.raftsm.effect.Effect.HeartbeatNow;
import io.stanchion.raftsm.model.ClientSession;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;

/** A client asks whether it is still registered. If its heartbeats are missing it gets one at once, to clear that up. */
public record PingSession(ByteString connId) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        ClientSession session = state.session(connId);
        if (session == null) {
            return Outcome.refused("client has been replaced or is no longer registered");
        }
        if (session.heartbeatsMissed() == 0) {
            return Outcome.NOTHING;
        }
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        out.add(new HeartbeatNow(session.clientId(), session.number()));
        return Outcome.of(out);
    }
}
