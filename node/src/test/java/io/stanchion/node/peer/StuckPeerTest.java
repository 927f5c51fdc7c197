package io.stanchion.node.peer;

import static io.stanchion.node.peer.MeshCluster.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.stanchion.proto.peer.Hello;
import io.stanchion.proto.peer.Interest;
import io.stanchion.proto.peer.InterestFrame;
import io.stanchion.proto.peer.MeshFrame;
import io.stanchion.proto.peer.MeshReply;
import io.stanchion.proto.peer.PeerGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer that wants everything and takes nothing. */
class StuckPeerTest {
    private static final int QUEUED_BYTES_MAX = 1 << 20;
    private static final int WINDOW = 500;

    private final PeerAddress addressOfA = MeshNode.newAddress("a");
    private final PeerAddress addressOfB = MeshNode.newAddress("b");
    private final PeerAddress addressOfStuck = MeshNode.newAddress("stuck");
    private final List<PeerAddress> all = List.of(addressOfA, addressOfB, addressOfStuck);
    private final AtomicInteger streams = new AtomicInteger();
    private final PeerChannels channels = new PeerChannels(List.of(addressOfA));
    private Server stuck;
    private MeshNode a;
    private MeshNode b;

    @BeforeEach
    void start() throws IOException {
        stuck = NettyServerBuilder.forAddress(new InetSocketAddress(addressOfStuck.host(), addressOfStuck.port()))
                .addService(new TakesNothing())
                .build()
                .start();
        a = new MeshNode(addressOfA, all, 1, QUEUED_BYTES_MAX);
        b = new MeshNode(addressOfB, all, 1, QUEUED_BYTES_MAX);
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        channels.close();
        stuck.shutdownNow();
    }

    @Test
    void shouldNeitherHoldUpTheOthersNorFillTheMemoryForAPeerThatTakesNothing() {
        Received received = b.subscribe("flood");
        awaitThat(() -> a.hasInterest("flood"));
        wantEverythingOfA();
        awaitThat(() -> a.mesh.isComplete());
        String padding = "x".repeat(1_000);
        int messages = 0;
        long queuedMax = 0;
        while (streams.get() < 3 && messages < 100_000) { // until the stuck one was given up twice
            for (int end = messages + WINDOW; messages < end; messages++) {
                a.publish("flood", messages + padding);
                queuedMax = Math.max(queuedMax, a.mesh.queuedBytes());
            }
            int sent = messages;
            awaitThat(() -> received.count() == sent);
        }

        assertThat(streams.get()).isGreaterThanOrEqualTo(3);
        assertThat(queuedMax).isLessThanOrEqualTo(2 * (QUEUED_BYTES_MAX + 2_000)); // for two peers
        assertThat(received.texts())
                .isEqualTo(
                        IntStream.range(0, messages).mapToObj(i -> i + padding).toList());
    }

    @Test
    void shouldTellThoseWhoCanWaitLongBeforeThePeerIsGivenUp() {
        wantEverythingOfA();
        awaitThat(() -> a.mesh.isComplete() && a.hasInterest("flood"));
        awaitThat(() -> fill() == 0); // at first the buffers of the stream take some more

        assertThat(a.mesh.queuedBytes()).isLessThan(QUEUED_BYTES_MAX / 4);
        assertThat(a.mesh.isComplete()).isTrue();
    }

    /** Publishes while there is room, and returns how much that was. */
    private int fill() {
        String padding = "x".repeat(1_000);
        int messages = 0;
        while (a.hasRoom("flood")) {
            a.publish("flood", messages++ + padding);
        }
        return messages;
    }

    private void wantEverythingOfA() {
        StreamObserver<MeshFrame> calls = PeerGrpc.newStub(channels.to("a")).mesh(new StreamObserver<>() {
            @Override
            public void onNext(MeshReply reply) {}

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        });
        calls.onNext(MeshFrame.newBuilder()
                .setHello(Hello.newBuilder().setClusterId(MeshNode.CLUSTER).setNodeId("stuck"))
                .build());
        calls.onNext(MeshFrame.newBuilder()
                .setInterest(InterestFrame.newBuilder()
                        .addInterest(Interest.newBuilder()
                                .setPattern(ByteString.copyFromUtf8(">"))
                                .setCount(1))
                        .setComplete(true))
                .build());
    }

    /** Answers the hello, and asks for nothing more. */
    private final class TakesNothing extends PeerGrpc.PeerImplBase {
        @Override
        public StreamObserver<MeshFrame> mesh(StreamObserver<MeshReply> answers) {
            streams.incrementAndGet();
            ServerCallStreamObserver<MeshReply> call = (ServerCallStreamObserver<MeshReply>) answers;
            call.disableAutoRequest();
            call.request(1);
            return new StreamObserver<>() {
                @Override
                public void onNext(MeshFrame hello) {
                    answers.onNext(MeshReply.getDefaultInstance());
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {}
            };
        }
    }
}
