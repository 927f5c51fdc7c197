package io.stanchion.raftsm.command;

import io.stanchion.proto.command.OpenSessionReply;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.proto.record.SessionRecord;
import io.stanchion.raftsm.model.ClientSession;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;

/**
 * Registers a client. If its ID is taken, whoever proposed this is told by whom, asks whether that session still lives, and proposes
 * again with its number in {@code replaces}: if it is still the registered one, it is closed and replaced in one step.
 *
 * @param session without a number
 */
public record OpenSession(SessionRecord session, long replaces) implements Command {
    @Override
    public Outcome apply(Meta meta, MachineState state) {
        ClientSession registered = state.session(session.getClientId());
        if (registered != null && replaces == 0) {
            return taken(registered);
        }
        if (registered != null && registered.number() != replaces) {
            return Outcome.refused("stan: clientID already registered"); // somebody was faster
        }
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        if (registered != null) {
            state.closeSession(registered, out);
        }
        state.openSession(session, out);
        return Outcome.of(out);
    }

    private static Outcome taken(ClientSession registered) {
        OpenSessionReply reply = OpenSessionReply.newBuilder()
                .setRegisteredSession(registered.number())
                .setRegisteredHeartbeatInbox(registered.heartbeatInbox())
                .build();
        return new Outcome(ReplyProto.newBuilder().setOpenSession(reply).build(), Outcome.NOTHING.effects());
    }
}
