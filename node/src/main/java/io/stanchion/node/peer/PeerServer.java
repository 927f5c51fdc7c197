package io.stanchion.node.peer;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.stanchion.gateway.net.BindFailedException;
import io.stanchion.proto.peer.AppendRequest;
import io.stanchion.proto.peer.AppendResponse;
import io.stanchion.proto.peer.ChangeReply;
import io.stanchion.proto.peer.ChangeRequest;
import io.stanchion.proto.peer.CheckpointChunk;
import io.stanchion.proto.peer.Member;
import io.stanchion.proto.peer.MemberReply;
import io.stanchion.proto.peer.MemberRequest;
import io.stanchion.proto.peer.MeshFrame;
import io.stanchion.proto.peer.MeshReply;
import io.stanchion.proto.peer.PeerGrpc;
import io.stanchion.proto.peer.PullRequest;
import io.stanchion.proto.peer.StandingReply;
import io.stanchion.proto.peer.StandingRequest;
import io.stanchion.proto.peer.StatusReply;
import io.stanchion.proto.peer.StatusRequest;
import io.stanchion.proto.peer.Unavailable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Listens on the peer port. It can be asked for standing before the rest of the node runs; a mesh is refused until there is one. */
public final class PeerServer implements AutoCloseable {
    private static final int MESSAGE_BYTES_MAX = 64 << 20;
    private static final int FLOW_CONTROL_WINDOW = 4 << 20;

    private final String clusterId;
    private final PeerPorts ports;
    private final AtomicReference<@Nullable PeerMesh> mesh = new AtomicReference<>();
    private final Server server;

    /** Slow work: checkpoints and changes of the group. Threads end when they are not needed. */
    private final ExecutorService slow = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "peer-slow");
        thread.setDaemon(true);
        return thread;
    });

    /** @throws IOException naming the address, if it cannot be listened on */
    public static PeerServer start(String clusterId, String host, int port, PeerPorts ports) throws IOException {
        PeerServer started = new PeerServer(clusterId, host, port, ports);
        try {
            started.server.start();
        } catch (IOException e) {
            throw new BindFailedException(
                    "peers", host, port, "streaming.cluster.listen", "streaming.cluster.peers", e);
        }
        return started;
    }

    private PeerServer(String clusterId, String host, int port, PeerPorts ports) {
        this.clusterId = clusterId;
        this.ports = ports;
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
                .addService(new Service())
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .flowControlWindow(FLOW_CONTROL_WINDOW)
                .permitKeepAliveTime(500, TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(1, TimeUnit.SECONDS)
                .keepAliveTimeout(2, TimeUnit.SECONDS)
                .build();
    }

    public void serve(PeerMesh served) {
        mesh.set(served);
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        slow.shutdownNow();
    }

    private String objection(String callersCluster) {
        return callersCluster.equals(clusterId)
                ? ""
                : "this is a node of cluster " + clusterId + ", not of " + callersCluster;
    }

    private static Throwable refusal(String objection) {
        return Status.FAILED_PRECONDITION.withDescription(objection).asRuntimeException();
    }

    private final class Service extends PeerGrpc.PeerImplBase {
        @Override
        public StreamObserver<MeshFrame> mesh(StreamObserver<MeshReply> answers) {
            PeerMesh present = mesh.get();
            if (present == null) {
                answers.onError(Status.UNAVAILABLE.withDescription("starting").asRuntimeException());
                return new Ignored<>();
            }
            return new MeshSession(present, answers);
        }

        @Override
        public StreamObserver<AppendRequest> append(StreamObserver<AppendResponse> answers) {
            return new AppendSession(ports, answers);
        }

        @Override
        public void pullCheckpoint(PullRequest request, StreamObserver<CheckpointChunk> receiver) {
            String objection = objection(request.getClusterId());
            if (!objection.isEmpty()) {
                receiver.onError(refusal(objection));
                return;
            }
            slow.execute(new CheckpointSender(
                    ports::newCheckpoint, request.getAtLeastIndex(), (ServerCallStreamObserver<CheckpointChunk>)
                            receiver));
        }

        @Override
        public void standing(StandingRequest request, StreamObserver<StandingReply> caller) {
            String objection = objection(request.getClusterId());
            if (!objection.isEmpty()) {
                caller.onError(refusal(objection));
                return;
            }
            try {
                StandingReply reply = ports.standing(request.getNodeId(), request.getBirth());
                caller.onNext(
                        request.hasPromised()
                                ? reply.toBuilder()
                                        .mergeFrom(ports.keep(
                                                request.getNodeId(), request.getBirth(), request.getPromised()))
                                        .build()
                                : reply);
                caller.onCompleted();
            } catch (IOException e) {
                caller.onError(Status.UNAVAILABLE
                        .withDescription(String.valueOf(e.getMessage()))
                        .asRuntimeException());
            }
        }

        @Override
        public void expel(MemberRequest request, StreamObserver<MemberReply> caller) {
            change(request, caller, ignored -> ports.expel(request.getNodeId()));
        }

        @Override
        public void admit(MemberRequest request, StreamObserver<MemberReply> caller) {
            change(request, caller, ports::admit);
        }

        @Override
        public void change(ChangeRequest request, StreamObserver<ChangeReply> caller) {
            String objection = objection(request.getClusterId());
            if (!objection.isEmpty()) {
                caller.onError(refusal(objection));
                return;
            }
            slow.execute(() -> {
                caller.onNext(ports.change(request));
                caller.onCompleted();
            });
        }

        @Override
        public void status(StatusRequest request, StreamObserver<StatusReply> caller) {
            caller.onNext(ports.status().toBuilder().setClusterId(clusterId).build());
            caller.onCompleted();
        }

        private void change(MemberRequest request, StreamObserver<MemberReply> caller, MemberChange change) {
            String objection = objection(request.getClusterId());
            if (!objection.isEmpty()) {
                caller.onError(refusal(objection));
                return;
            }
            slow.execute(() -> {
                MemberReply.Builder reply = MemberReply.newBuilder();
                try {
                    change.make(request.getSelf());
                } catch (IOException | RuntimeException e) {
                    reply.setError(String.valueOf(e.getMessage()));
                }
                caller.onNext(reply.build());
                caller.onCompleted();
            });
        }
    }

    /** What a leader is asked to do with a member. */
    private interface MemberChange {
        void make(Member place) throws IOException;
    }

    /** The rest of a stream that has been refused. */
    private static final class Ignored<T> implements StreamObserver<T> {
        @Override
        public void onNext(T frame) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }

    /** Another gateway's batches. Answers go out in the order in which they become known; each names its batch. */
    private static final class AppendSession implements StreamObserver<AppendRequest> {
        private final PeerPorts ports;
        private final SerialAnswers answers;

        AppendSession(PeerPorts ports, StreamObserver<AppendResponse> answers) {
            this.ports = ports;
            this.answers = new SerialAnswers(answers);
        }

        @Override
        public void onNext(AppendRequest request) {
            var unused = ports.append(request.getBatch()).whenComplete((response, failure) -> {
                AppendResponse.Builder answer = response != null
                        ? response.toBuilder()
                        : AppendResponse.newBuilder()
                                .setUnavailable(Unavailable.newBuilder().setReason(String.valueOf(failure)));
                answers.send(answer.setId(request.getId()).build());
            });
        }

        @Override
        public void onError(Throwable failure) {
            answers.end();
        }

        @Override
        public void onCompleted() {
            answers.end();
        }
    }
}
