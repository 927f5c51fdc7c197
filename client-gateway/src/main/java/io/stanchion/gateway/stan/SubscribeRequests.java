package io.stanchion.gateway.stan;

import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Subscriber;
import io.stanchion.gateway.core.Timers;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.proto.command.StartDeliveryProto;
import io.stanchion.proto.command.SubscribeProto;
import io.stanchion.proto.stan.StartPosition;
import io.stanchion.proto.stan.SubscriptionRequest;
import io.stanchion.proto.stan.SubscriptionResponse;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscribes, in two steps: the first makes the subscription, the second lets messages flow. The response goes out between them, so
 * no message can overtake it, whichever node leads and delivers.
 */
final class SubscribeRequests implements Subscriber {
    private static final Logger log = LoggerFactory.getLogger(SubscribeRequests.class);

    private final StanSubjects subjects;
    private final MessageBus bus;
    private final ReplicatedLog raftLog;
    private final SessionView sessions;
    private final Timers timers;
    private final BooleanSupplier allNodesInTouch;
    private final Replies replies;

    SubscribeRequests(StanSubjects subjects, Replies replies, StanPorts ports) {
        this.subjects = subjects;
        this.replies = replies;
        this.bus = ports.bus();
        this.raftLog = ports.log();
        this.sessions = ports.sessions();
        this.timers = ports.timers();
        this.allNodesInTouch = ports.allNodesInTouch();
    }

    @Override
    public boolean deliver(Message message) {
        Subject replyTo = message.reply();
        SubscriptionRequest request = RequestDecoder.subscribe(message);
        String refusal = request == null ? StanErrors.INVALID_SUBSCRIBE : refusal(request);
        if (request == null || !refusal.isEmpty()) {
            refuse(replyTo, refusal);
            return true;
        }
        String ackInbox = subjects.newAckInbox();
        raftLog.append(command(request, ackInbox, ""), reply -> onFirstReply(request, reply, ackInbox, replyTo));
        return true;
    }

    /** In the order of the reference, which tests pin down; empty if all is well so far. */
    private static String refusal(SubscriptionRequest request) {
        if (!isInboxOrEmpty(request.getInbox()) || isAnyNameTooLong(request)) {
            return StanErrors
                    .INVALID_SUBSCRIBE; // ours; the reference would send such a line to itself, and keep such a name
        } else if (request.getClientId().isEmpty()) {
            return StanErrors.CLIENT_ID_MISSING;
        } else if (request.getAckWaitInSecs() == 0) {
            return StanErrors.INVALID_ACK_WAIT;
        }
        String later = refusalBehindAckWait(request);
        // Below 0 the settings decide, which are in force where commands are applied.
        return request.getAckWaitInSecs() < 0 && !later.isEmpty() ? StanErrors.INVALID_ACK_WAIT : later;
    }

    private static String refusalBehindAckWait(SubscriptionRequest request) {
        int position = request.getStartPositionValue();
        if (request.getMaxInFlight() <= 0) {
            return StanErrors.INVALID_MAX_IN_FLIGHT;
        } else if (position < 0 || position > StartPosition.First_VALUE) {
            return StanErrors.INVALID_START;
        }
        return ChannelNames.isValid(request.getSubject()) ? "" : StanErrors.INVALID_CHANNEL;
    }

    private static boolean isInboxOrEmpty(String inbox) {
        return inbox.isEmpty() || StanSubjects.isInbox(Subject.of(inbox));
    }

    /** All of them stay in memory, on every node. */
    private static boolean isAnyNameTooLong(SubscriptionRequest request) {
        return request.getInbox().length() > ChannelNames.LENGTH_MAX
                || request.getQGroup().length() > ChannelNames.LENGTH_MAX
                || request.getDurableName().length() > ChannelNames.LENGTH_MAX;
    }

    private CommandProto command(SubscriptionRequest request, String ackInbox, String replaces) {
        SubscribeProto subscribe = SubscribeProto.newBuilder()
                .setClientId(request.getClientId())
                .setChannel(request.getSubject())
                .setQueueGroup(request.getQGroup())
                .setInbox(request.getInbox())
                .setMaxInFlight(request.getMaxInFlight())
                .setAckWaitSecs(request.getAckWaitInSecs())
                .setDurableName(request.getDurableName())
                .setStartPosition(request.getStartPositionValue())
                .setStartSequence(request.getStartSequence())
                .setStartTimeDelta(request.getStartTimeDelta())
                .setAckInbox(ackInbox)
                .setReplaces(replaces)
                .setSession(sessions.numberOf(request.getClientId()))
                .build();
        return CommandProto.newBuilder().setSubscribe(subscribe).build();
    }

    /**
     * A durable that is in the way, but whose inbox nobody listens to on any node, belongs to a client that has given it up; unless its
     * interest is on its way to this node, and is seen a moment later.
     */
    private void onFirstReply(
            SubscriptionRequest request, ReplyProto reply, String ackInbox, @Nullable Subject replyTo) {
        String inbox = reply.getSubscribe().getRegisteredInbox();
        if (StanSubjects.isInbox(Subject.of(inbox)) && isForsaken(Subject.of(inbox))) {
            timers.schedule(DuplicateCheck.INTEREST_MILLIS, () -> onSecondLook(request, reply, ackInbox, replyTo));
        } else {
            onReply(request, reply, ackInbox, replyTo);
        }
    }

    private void onSecondLook(
            SubscriptionRequest request, ReplyProto reply, String ackInbox, @Nullable Subject replyTo) {
        if (isForsaken(Subject.of(reply.getSubscribe().getRegisteredInbox()))) {
            String replaces = reply.getSubscribe().getRegisteredAckInbox();
            raftLog.append(command(request, ackInbox, replaces), second -> onReply(request, second, ackInbox, replyTo));
        } else {
            onReply(request, reply, ackInbox, replyTo);
        }
    }

    private boolean isForsaken(Subject inbox) {
        return bus.knowsListeners() && allNodesInTouch.getAsBoolean() && bus.whereabouts(inbox) == null;
    }

    private void onReply(SubscriptionRequest request, ReplyProto reply, String ackInbox, @Nullable Subject replyTo) {
        if (!reply.getError().isEmpty()) {
            refuse(replyTo, reply.getError());
            return;
        }
        SessionLog.subscribed(request, reply.getSubscribe());
        replies.send(
                replyTo, SubscriptionResponse.newBuilder().setAckInbox(ackInbox).build());
        StartDeliveryProto start = StartDeliveryProto.newBuilder()
                .setSubscription(reply.getSubscribe().getSubscription())
                .build();
        CommandProto command = CommandProto.newBuilder().setStartDelivery(start).build();
        raftLog.append(command, started -> {}); // if this is lost, the machine starts it after a while
    }

    private void refuse(@Nullable Subject replyTo, String error) {
        log.debug("subscription request refused: {}", error);
        replies.send(replyTo, SubscriptionResponse.newBuilder().setError(error).build());
    }
}
