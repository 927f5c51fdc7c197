package io.stanchion.gateway.stan;

import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Subscriber;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.PingSessionProto;
import io.stanchion.proto.stan.Ping;
import io.stanchion.proto.stan.PingResponse;
import org.jspecify.annotations.Nullable;

/**
 * Pings of clients. Some clients give up after three unanswered ones, so a session known to be well is answered at once, leader or not.
 * All else is a question for the log: this replica may lag behind, and a missed heartbeat wants the leader's attention.
 */
final class PingRequests implements Subscriber {
    private final ReplicatedLog log;
    private final SessionView sessions;
    private final Replies replies;

    PingRequests(MessageBus bus, ReplicatedLog log, SessionView sessions) {
        this.replies = new Replies(bus);
        this.log = log;
        this.sessions = sessions;
    }

    @Override
    public boolean deliver(Message message) {
        Subject replyTo = message.reply();
        Ping ping = RequestDecoder.ping(message);
        if (ping == null || message.content().readableBytes() == message.headerBytes()) {
            return true; // the reference answers neither
        }
        if (ping.getConnId().isEmpty()) {
            answer(replyTo, StanErrors.REPLACED);
        } else if (sessions.standing(ping.getConnId()) == SessionView.Standing.WELL) {
            answer(replyTo, "");
        } else {
            PingSessionProto ask =
                    PingSessionProto.newBuilder().setConnId(ping.getConnId()).build();
            CommandProto command = CommandProto.newBuilder().setPingSession(ask).build();
            log.append(command, reply -> answerKnown(replyTo, reply.getError()));
        }
        return true;
    }

    /** Whatever else the log says, the client would take for its own end: no answer is what it can bear for a while. */
    private void answerKnown(@Nullable Subject replyTo, String error) {
        if (error.isEmpty() || error.equals(StanErrors.REPLACED)) {
            answer(replyTo, error);
        }
    }

    private void answer(@Nullable Subject replyTo, String error) {
        replies.send(replyTo, PingResponse.newBuilder().setError(error).build());
    }
}
