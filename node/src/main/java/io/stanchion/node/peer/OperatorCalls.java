package io.stanchion.node.peer;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.stanchion.proto.peer.ChangeReply;
import io.stanchion.proto.peer.ChangeRequest;
import io.stanchion.proto.peer.PeerGrpc;
import io.stanchion.proto.peer.StatusReply;
import io.stanchion.proto.peer.StatusRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What an operator's command asks of a node. Each call makes a connection of its own and blocks. */
public final class OperatorCalls {
    private static final long STATUS_MILLIS = 3_000;

    /** A process that makes its first call, or answers its first one, may have to load what that takes, on a busy machine. */
    private static final long FIRST_MILLIS = 10_000;

    private static final long CHANGE_MILLIS = 300_000;

    private OperatorCalls() {}

    /** The node is not there, or went away before it answered. */
    public static final class NoAnswerException extends IOException {
        private static final long serialVersionUID = 1;

        NoAnswerException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** @throws IOException if the node does not answer */
    public static StatusReply status(String host, int port) throws IOException {
        return call(host, port, STATUS_MILLIS, node -> node.status(StatusRequest.getDefaultInstance()));
    }

    /** The same with more patience, for a node on which all else depends. */
    public static StatusReply firstStatus(String host, int port) throws IOException {
        return call(host, port, FIRST_MILLIS, node -> node.status(StatusRequest.getDefaultInstance()));
    }

    /** @throws IOException if the node does not answer; a change that it refuses is a reply */
    public static ChangeReply change(String host, int port, ChangeRequest request) throws IOException {
        return call(host, port, CHANGE_MILLIS, node -> node.change(request));
    }

    private static <T> T call(String host, int port, long millis, Function<PeerGrpc.PeerBlockingStub, T> question)
            throws IOException {
        PeerAddress address = new PeerAddress("node", host, port);
        try (PeerChannels channels = new PeerChannels(List.of(address))) {
            ManagedChannel channel = channels.to(address.nodeId());
            if (channel == null) {
                throw new IOException("closed");
            }
            return question.apply(PeerGrpc.newBlockingStub(channel).withDeadlineAfter(millis, TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            Status status = e.getStatus();
            String place = host + ":" + port + ": ";
            if (status.getCode() == Status.Code.FAILED_PRECONDITION) {
                throw new IOException(place + status.getDescription(), e);
            }
            throw new NoAnswerException(place + "no node answers there (" + status.getCode() + ")", e);
        }
    }
}
