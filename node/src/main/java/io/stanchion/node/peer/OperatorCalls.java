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
    private static final long STATUS_SECONDS = 3;
    private static final long CHANGE_SECONDS = 300;

    private OperatorCalls() {}

    /** @throws IOException if the node does not answer */
    public static StatusReply status(String host, int port) throws IOException {
        return call(host, port, STATUS_SECONDS, node -> node.status(StatusRequest.getDefaultInstance()));
    }

    /** @throws IOException if the node does not answer; a change that it refuses is a reply */
    public static ChangeReply change(String host, int port, ChangeRequest request) throws IOException {
        return call(host, port, CHANGE_SECONDS, node -> node.change(request));
    }

    private static <T> T call(String host, int port, long seconds, Function<PeerGrpc.PeerBlockingStub, T> question)
            throws IOException {
        PeerAddress address = new PeerAddress("node", host, port);
        try (PeerChannels channels = new PeerChannels(List.of(address))) {
            ManagedChannel channel = channels.to(address.nodeId());
            if (channel == null) {
                throw new IOException("closed");
            }
            return question.apply(PeerGrpc.newBlockingStub(channel).withDeadlineAfter(seconds, TimeUnit.SECONDS));
        } catch (StatusRuntimeException e) {
            Status status = e.getStatus();
            String reason = status.getCode() == Status.Code.FAILED_PRECONDITION
                    ? String.valueOf(status.getDescription())
                    : "no node answers there (" + status.getCode() + ")";
            throw new IOException(host + ":" + port + ": " + reason, e);
        }
    }
}
