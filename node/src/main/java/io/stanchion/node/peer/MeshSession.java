package io.stanchion.node.peer;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Subject;
import io.stanchion.node.raft.NodeVitals;
import io.stanchion.proto.peer.Hello;
import io.stanchion.proto.peer.MeshFrame;
import io.stanchion.proto.peer.MeshReply;
import io.stanchion.proto.peer.RoutedMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A peer's stream to this node. gRPC calls it from one thread at a time, in order; it passes on without keeping anything. */
final class MeshSession implements StreamObserver<MeshFrame> {
    private final PeerMesh mesh;
    private final StreamObserver<MeshReply> answers;
    private @Nullable MeshLink caller;

    MeshSession(PeerMesh mesh, StreamObserver<MeshReply> answers) {
        this.mesh = mesh;
        this.answers = answers;
    }

    @Override
    public void onNext(MeshFrame frame) {
        MeshLink known = caller;
        if (frame.getFrameCase() == MeshFrame.FrameCase.HELLO) {
            onHello(frame.getHello());
        } else if (known != null) {
            onFrame(known, frame);
        }
    }

    private void onHello(Hello hello) {
        onEnd(); // of whoever it said it was before
        caller = null;
        String objection = mesh.objection(hello);
        if (!objection.isEmpty()) {
            answers.onError(
                    Status.FAILED_PRECONDITION.withDescription(objection).asRuntimeException());
            return;
        }
        caller = mesh.onCaller(this, hello);
        mesh.clocks().heard(hello.getNodeId(), hello.getWallNanos());
        answers.onNext(MeshReply.newBuilder().setHello(mesh.self().hello()).build());
    }

    /** This node has nothing more to do with the caller, who learns it and may come again. */
    void dismiss() {
        answers.onError(Status.UNAVAILABLE
                .withDescription("the group of nodes has changed")
                .asRuntimeException());
    }

    private void onFrame(MeshLink from, MeshFrame frame) {
        switch (frame.getFrameCase()) {
            case INTEREST -> mesh.onInterest(this, from, frame.getInterest());
            case ROUTED -> {
                if (mesh.isCurrent(this, from)) {
                    frame.getRouted().getMessagesList().forEach(this::deliver);
                }
            }
            case KEEP_ALIVE ->
                mesh.clocks().heard(from.nodeId(), frame.getKeepAlive().getWallNanos());
            case CLIENT_URLS ->
                mesh.onClientUrls(this, from, frame.getClientUrls().getUrlsList());
            case VITALS -> mesh.onVitals(this, from, NodeVitals.of(frame.getVitals()));
            default -> {
                // a later version's frame
            }
        }
    }

    private void deliver(RoutedMessage routed) {
        Message message = new Message(
                MeshLink.subject(routed.getSubject()),
                MeshLink.subjectOrNull(routed.getReply()),
                routed.getHeaderBytes(),
                Unpooled.wrappedBuffer(routed.getContent().asReadOnlyByteBuffer()),
                routed.getTerm());
        List<Subject> groups =
                routed.getQueueGroupsList().stream().map(MeshLink::subject).toList();
        mesh.router().deliverFromPeer(message, groups);
    }

    @Override
    public void onError(Throwable failure) {
        onEnd();
    }

    @Override
    public void onCompleted() {
        onEnd();
        answers.onCompleted();
    }

    private void onEnd() {
        if (caller != null) {
            mesh.onCallerGone(this, caller);
        }
    }
}
