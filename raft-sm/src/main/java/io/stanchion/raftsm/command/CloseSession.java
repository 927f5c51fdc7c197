package io.stanchion.raftsm.command;

import io.stanchion.proto.command.CloseSessionReply;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.raftsm.model.ClientSession;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;

/** A client says goodbye: it is unregistered, and all its subscriptions are closed. */
public record CloseSession(String clientId) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        ClientSession session = state.session(clientId);
        if (session == null) {
            return Outcome.refused("stan: unknown clientID");
        }
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        CloseSessionReply reply = CloseSessionReply.newBuilder()
                .setHeartbeatInbox(session.heartbeatInbox())
                .build();
        state.closeSession(session, out);
        return Outcome.of(ReplyProto.newBuilder().setCloseSession(reply).build(), out);
    }
}
