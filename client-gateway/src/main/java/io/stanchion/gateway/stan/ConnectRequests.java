package io.stanchion.gateway.stan;

import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Subscriber;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.OpenSessionProto;
import io.stanchion.proto.command.OpenSessionReply;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.proto.stan.ConnectRequest;
import io.stanchion.proto.stan.ConnectResponse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects. If the client ID is taken, its holder is asked whether it lives, and only a dead one is replaced. One connect per client ID
 * may be asking; others for that ID are refused meanwhile, so of many in parallel for one dead ID exactly one wins, on one node by the
 * set here and between nodes by the session's number in the log.
 */
final class ConnectRequests implements Subscriber {
    private static final Logger log = LoggerFactory.getLogger(ConnectRequests.class);

    /** To be matched whole: {@code find} with {@code $} would take a line end. */
    private static final Pattern CLIENT_ID = Pattern.compile("[a-zA-Z0-9_-]{1," + ChannelNames.LENGTH_MAX + "}");

    private final StanSubjects subjects;
    private final ReplicatedLog raftLog;
    private final Replies replies;
    private final DuplicateCheck duplicateCheck;
    private final Set<String> checking = ConcurrentHashMap.newKeySet();

    ConnectRequests(StanSubjects subjects, MessageBus bus, ReplicatedLog raftLog, DuplicateCheck duplicateCheck) {
        this.subjects = subjects;
        this.replies = new Replies(bus);
        this.raftLog = raftLog;
        this.duplicateCheck = duplicateCheck;
    }

    @Override
    public boolean deliver(Message message) {
        Subject replyTo = message.reply();
        ConnectRequest request = RequestDecoder.connect(message);
        if (request == null || !isWellFormed(request)) {
            refuse(replyTo, StanErrors.INVALID_CONNECT);
        } else if (!CLIENT_ID.matcher(request.getClientId()).matches()) {
            refuse(replyTo, StanErrors.INVALID_CLIENT_ID);
        } else if (checking.contains(request.getClientId())) {
            refuse(replyTo, StanErrors.DUPLICATE_CLIENT);
        } else {
            raftLog.append(command(request, 0), reply -> onFirstReply(request, replyTo, reply));
        }
        return true;
    }

    /** Nor may a name outweigh what a session is worth: all of them stay in memory, on every node. */
    private static boolean isWellFormed(ConnectRequest request) {
        return StanSubjects.isInbox(Subject.of(request.getHeartbeatInbox()))
                && request.getHeartbeatInbox().length() <= ChannelNames.LENGTH_MAX
                && request.getConnId().size() <= ChannelNames.LENGTH_MAX;
    }

    private void onFirstReply(ConnectRequest request, @Nullable Subject replyTo, ReplyProto reply) {
        OpenSessionReply open = reply.getOpenSession();
        if (open.getRegisteredSession() == 0) {
            answer(request, replyTo, reply.getError());
        } else if (checking.add(request.getClientId())) {
            duplicateCheck.ask(
                    Subject.of(open.getRegisteredHeartbeatInbox()),
                    alive -> onChecked(request, replyTo, open.getRegisteredSession(), alive));
        } else {
            refuse(replyTo, StanErrors.DUPLICATE_CLIENT);
        }
    }

    private void onChecked(ConnectRequest request, @Nullable Subject replyTo, long registered, boolean alive) {
        if (alive) {
            checking.remove(request.getClientId());
            refuse(replyTo, StanErrors.DUPLICATE_CLIENT);
        } else {
            raftLog.append(command(request, registered), reply -> {
                checking.remove(request.getClientId());
                answer(request, replyTo, reply.getError());
            });
        }
    }

    private static CommandProto command(ConnectRequest request, long replaces) {
        OpenSessionProto open = OpenSessionProto.newBuilder()
                .setClientId(request.getClientId())
                .setHeartbeatInbox(request.getHeartbeatInbox())
                .setProtocol(request.getProtocol())
                .setConnId(request.getConnId())
                .setPingInterval(request.getPingInterval())
                .setPingMaxOut(request.getPingMaxOut())
                .setReplaces(replaces)
                .build();
        return CommandProto.newBuilder().setOpenSession(open).build();
    }

    private void answer(ConnectRequest request, @Nullable Subject replyTo, String error) {
        if (error.isEmpty()) {
            log.debug("[Client:{}] Connected (Inbox={})", request.getClientId(), request.getHeartbeatInbox());
            replies.send(replyTo, accepted(request));
        } else {
            refuse(replyTo, error);
        }
    }

    private void refuse(@Nullable Subject replyTo, String error) {
        log.debug("connect request refused: {}", error);
        replies.send(replyTo, ConnectResponse.newBuilder().setError(error).build());
    }

    private ConnectResponse accepted(ConnectRequest request) {
        ConnectResponse.Builder response = ConnectResponse.newBuilder()
                .setPubPrefix(subjects.publishes())
                .setSubRequests(subjects.subscribes())
                .setUnsubRequests(subjects.unsubscribes())
                .setCloseRequests(subjects.closes())
                .setSubCloseRequests(subjects.subscriptionCloses())
                .setProtocol(1);
        if (request.getProtocol() >= 1) {
            // Echoed as they came: a negative interval means milliseconds to the client.
            response.setPingRequests(subjects.pings())
                    .setPingInterval(request.getPingInterval())
                    .setPingMaxOut(request.getPingMaxOut());
        }
        return response.build();
    }
}
