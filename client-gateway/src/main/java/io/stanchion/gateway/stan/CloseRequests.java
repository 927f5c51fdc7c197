package io.stanchion.gateway.stan;

import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Subject;
import io.stanchion.proto.command.CloseSessionProto;
import io.stanchion.proto.command.CloseSubscriptionProto;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.stan.CloseRequest;
import io.stanchion.proto.stan.CloseResponse;
import io.stanchion.proto.stan.SubscriptionResponse;
import io.stanchion.proto.stan.UnsubscribeRequest;
import org.jspecify.annotations.Nullable;

/**
 * Ends subscriptions and sessions. The log keeps the order of one connection, so whatever a client sent before its close is done
 * before it. Success is an empty payload, because an answer without an error has no bytes.
 */
final class CloseRequests {
    private final ReplicatedLog log;
    private final SessionView sessions;
    private final Replies replies;

    CloseRequests(Replies replies, ReplicatedLog log, SessionView sessions) {
        this.sessions = sessions;
        this.replies = replies;
        this.log = log;
    }

    boolean onUnsubscribe(Message message) {
        endSubscription(message, true);
        return true;
    }

    boolean onSubscriptionClose(Message message) {
        endSubscription(message, false);
        return true;
    }

    boolean onClose(Message message) {
        Subject replyTo = message.reply();
        CloseRequest request = RequestDecoder.close(message);
        if (request == null) {
            answerClose(replyTo, StanErrors.INVALID_CLOSE);
            return true;
        }
        CloseSessionProto close = CloseSessionProto.newBuilder()
                .setClientId(request.getClientId())
                .setSession(sessions.numberOf(request.getClientId()))
                .build();
        CommandProto command = CommandProto.newBuilder().setCloseSession(close).build();
        log.append(command, reply -> {
            if (reply.getError().isEmpty()) {
                SessionLog.closed(request.getClientId(), reply.getCloseSession().getHeartbeatInbox());
            }
            answerClose(replyTo, reply.getError());
        });
        return true;
    }

    private void endSubscription(Message message, boolean unsubscribe) {
        Subject replyTo = message.reply();
        UnsubscribeRequest request = RequestDecoder.unsubscribe(message);
        if (request == null) {
            answerUnsubscribe(replyTo, StanErrors.INVALID_UNSUBSCRIBE);
            return;
        }
        CloseSubscriptionProto close = CloseSubscriptionProto.newBuilder()
                .setClientId(request.getClientId())
                .setChannel(request.getSubject())
                .setInbox(request.getInbox())
                .setUnsubscribe(unsubscribe)
                .build();
        CommandProto command =
                CommandProto.newBuilder().setCloseSubscription(close).build();
        log.append(command, reply -> {
            if (reply.getError().isEmpty()) {
                SessionLog.ended(request, reply.getCloseSubscription());
            }
            answerUnsubscribe(replyTo, reply.getError());
        });
    }

    private void answerClose(@Nullable Subject replyTo, String error) {
        replies.send(replyTo, CloseResponse.newBuilder().setError(error).build());
    }

    private void answerUnsubscribe(@Nullable Subject replyTo, String error) {
        replies.send(replyTo, SubscriptionResponse.newBuilder().setError(error).build());
    }
}
