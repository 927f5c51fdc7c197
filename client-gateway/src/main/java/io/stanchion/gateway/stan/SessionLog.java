package io.stanchion.gateway.stan;

import io.stanchion.proto.command.CloseSubscriptionReply;
import io.stanchion.proto.command.SubscribeReply;
import io.stanchion.proto.stan.SubscriptionRequest;
import io.stanchion.proto.stan.UnsubscribeRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of sessions and subscriptions in the log, in the words in which the reference tells it. */
final class SessionLog {
    private static final Logger log = LoggerFactory.getLogger(SessionLog.class);

    private SessionLog() {}

    static void subscribed(SubscriptionRequest request, SubscribeReply reply) {
        if (log.isDebugEnabled()) {
            String how = switch (reply.getHow()) {
                case RESUMED -> "Resumed";
                case JOINED -> "Added member to";
                default -> "Started new";
            };
            boolean isNew = reply.getHow() == SubscribeReply.How.NEW;
            log.debug(
                    "[Client:{}] {} {}subscription, subject={}, inbox={},{} subid={}{}",
                    request.getClientId(),
                    how,
                    kind(request.getDurableName(), request.getQGroup()),
                    request.getSubject(),
                    request.getInbox(),
                    names(request.getDurableName(), request.getQGroup()),
                    reply.getSubscription(),
                    isNew ? ", sending " + start(request) : "");
        }
    }

    static void ended(UnsubscribeRequest request, CloseSubscriptionReply reply) {
        if (log.isDebugEnabled()) {
            String how = switch (reply.getHow()) {
                case SUSPENDED -> "Suspended";
                case LEFT -> "Removed member from";
                default -> "Removed";
            };
            log.debug(
                    "[Client:{}] {} {}subscription, subject={}, inbox={},{} subid={}",
                    request.getClientId(),
                    how,
                    kind(reply.getDurableName(), reply.getQueueGroup()),
                    request.getSubject(),
                    reply.getInbox(),
                    names(reply.getDurableName(), reply.getQueueGroup()),
                    reply.getSubscription());
        }
    }

    static void closed(String clientId, String heartbeatInbox) {
        log.debug("[Client:{}] Closed (Inbox={})", clientId, heartbeatInbox);
    }

    private static String kind(String durableName, String queueGroup) {
        return (durableName.isEmpty() ? "" : "durable ") + (queueGroup.isEmpty() ? "" : "queue ");
    }

    private static String names(String durableName, String queueGroup) {
        if (!queueGroup.isEmpty()) {
            return " queue=" + (durableName.isEmpty() ? "" : durableName + ":") + queueGroup + ",";
        }
        return durableName.isEmpty() ? "" : " durable=" + durableName + ",";
    }

    private static String start(SubscriptionRequest request) {
        return switch (request.getStartPosition()) {
            case NewOnly -> "new-only";
            case LastReceived -> "last message";
            case TimeDeltaStart -> "from time, asked_delta=" + request.getStartTimeDelta() + "ns";
            case SequenceStart -> "from sequence, asked_seq=" + request.getStartSequence();
            default -> "from beginning";
        };
    }
}
