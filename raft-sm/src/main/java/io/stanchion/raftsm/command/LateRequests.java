package io.stanchion.raftsm.command;

import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.raftsm.model.ClientSession;
import io.stanchion.raftsm.model.MachineState;

/**
 * Requests that name a client, and were kept by a gateway for long. Their client may have given them up, and have opened another session at
 * another node: a close must not end that one, nor a subscribe add to it what nobody listens to. Publishes, acks and pings name their
 * session in any case.
 */
final class LateRequests {
    private static final ReplyProto UNKNOWN =
            ReplyProto.newBuilder().setError("stan: unknown clientID").build();

    private LateRequests() {}

    /** Whether the session that a command of a late batch was meant for has another in its place. */
    static boolean isForAnother(CommandProto command, MachineState state) {
        return switch (command.getCommandCase()) {
            case CLOSE_SESSION ->
                isReplaced(
                        command.getCloseSession().getClientId(),
                        command.getCloseSession().getSession(),
                        state);
            case SUBSCRIBE ->
                isReplaced(
                        command.getSubscribe().getClientId(),
                        command.getSubscribe().getSession(),
                        state);
            default -> false;
        };
    }

    private static boolean isReplaced(String clientId, long meant, MachineState state) {
        ClientSession registered = state.session(clientId);
        return meant != 0 && registered != null && registered.number() != meant;
    }

    /** As if the client were not registered, because it is not the one that is. */
    static Outcome refuse() {
        return Outcome.refused(UNKNOWN);
    }
}
