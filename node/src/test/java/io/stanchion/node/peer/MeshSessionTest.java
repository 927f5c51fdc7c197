package io.stanchion.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.proto.peer.ClientUrls;
import io.stanchion.proto.peer.Hello;
import io.stanchion.proto.peer.Interest;
import io.stanchion.proto.peer.InterestFrame;
import io.stanchion.proto.peer.MeshFrame;
import io.stanchion.proto.peer.MeshReply;
import io.stanchion.proto.peer.RoutedFrame;
import io.stanchion.proto.peer.RoutedMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a peer's streams do to a node, frame by frame. */
class MeshSessionTest {
    private final Router router = new Router();
    private final List<PeerAddress> peers = List.of(MeshNode.newAddress("b"), MeshNode.newAddress("c"));
    private final PeerChannels channels = new PeerChannels(peers);
    private final List<List<String>> urls = new ArrayList<>();
    private final PeerMesh mesh =
            new PeerMesh(new LocalIdentity(MeshNode.CLUSTER, "a", 1, List.of()), channels, router, urls::add, 1 << 20);

    @BeforeEach
    void start() {
        mesh.setPeers(peers);
    }

    @AfterEach
    void stop() {
        mesh.close();
        channels.close();
    }

    @Test
    void shouldRefuseANodeOfAnotherCluster() {
        Stranger stranger = new Stranger();
        stranger.say(hello("another", "b"));
        stranger.say(interest("orders", 1));

        assertThat(stranger.refusal).isEqualTo("this is a node of cluster mesh-test, not of another");
        assertThat(router.hasInterest(Subject.of("orders"))).isFalse();
        assertThat(mesh.connectedPeers()).isZero();
        assertThat(urls).isEmpty();
    }

    @Test
    void shouldRefuseANodeThatIsNotAmongThePeers() {
        for (String nodeId : List.of("", "a", "x")) {
            Stranger stranger = new Stranger();
            stranger.say(hello(MeshNode.CLUSTER, nodeId));
            assertThat(stranger.refusal).isEqualTo("node " + nodeId + " is not among the peers of node a");
        }
    }

    @Test
    void shouldNotListenToOneWhoHasNotSaidWhoItIs() {
        Received received = subscribe("orders");
        Stranger stranger = new Stranger();
        stranger.say(interest("orders.>", 1));
        stranger.say(routed("orders", "forged"));
        stranger.say(MeshFrame.getDefaultInstance());
        stranger.session.onCompleted();

        assertThat(router.hasInterest(Subject.of("orders.x"))).isFalse();
        assertThat(received.texts()).isEmpty();
    }

    @Test
    void shouldPassOverInterestInWhatIsNoPattern() {
        Stranger b = newPeer("b");
        for (String pattern : List.of("", ".", "a..b", "a.>.b", ">.a")) {
            b.say(interest(pattern, 1));
        }
        b.say(interest("orders", 1));

        assertThat(router.hasInterest(Subject.of("orders"))).isTrue();
        assertThat(router.hasInterest(Subject.of("a.x.b"))).isFalse();
        assertThat(router.hasInterest(Subject.of(""))).isFalse();
    }

    @Test
    void shouldForgetInterestWithTheStreamThatToldIt() {
        Stranger b = newPeer("b");
        b.say(interest("orders", 1));
        assertThat(router.hasInterest(Subject.of("orders"))).isTrue();

        b.session.onError(new IllegalStateException("reset"));

        assertThat(router.hasInterest(Subject.of("orders"))).isFalse();
        assertThat(urls).containsExactly(List.of("b.example"), List.of());
    }

    @Test
    void shouldHearOnlyTheLatestStreamOfAPeer() {
        Received received = subscribe("orders");
        Stranger before = newPeer("b");
        before.say(interest("old", 1));
        Stranger after = newPeer("b");
        after.say(interest("new", 1));
        assertThat(router.hasInterest(Subject.of("old"))).isFalse();

        before.say(interest("old", 1));
        before.say(interest("new", 0));
        before.say(routed("orders", "late"));
        before.say(MeshFrame.newBuilder()
                .setClientUrls(ClientUrls.newBuilder().addUrls("old.example"))
                .build());
        before.session.onError(new IllegalStateException("reset"));
        after.say(routed("orders", "in time"));

        assertThat(router.hasInterest(Subject.of("old"))).isFalse();
        assertThat(router.hasInterest(Subject.of("new"))).isTrue();
        assertThat(received.texts()).containsExactly("in time");
        assertThat(urls).last().isEqualTo(List.of("b.example"));
    }

    @Test
    void shouldForgetWhoACallerWasWhenItSaysItIsAnother() {
        Stranger caller = newPeer("b");
        caller.say(interest("orders", 1));
        caller.say(hello(MeshNode.CLUSTER, "c"));
        assertThat(router.hasInterest(Subject.of("orders"))).isFalse();

        caller.say(interest("orders", 1));
        caller.session.onCompleted();
        assertThat(router.hasInterest(Subject.of("orders"))).isFalse();
        assertThat(urls).last().isEqualTo(List.of());
    }

    private Received subscribe(String subject) {
        Received received = new Received();
        received.interest = router.subscribe(Subject.of(subject), null, Scope.SERVICE, message -> false);
        router.subscribe(Subject.of(subject), null, Scope.CLUSTER, received);
        return received;
    }

    private Stranger newPeer(String nodeId) {
        Stranger peer = new Stranger();
        peer.say(hello(MeshNode.CLUSTER, nodeId));
        assertThat(peer.welcomes).isEqualTo(1);
        return peer;
    }

    private static MeshFrame hello(String clusterId, String nodeId) {
        return MeshFrame.newBuilder()
                .setHello(Hello.newBuilder()
                        .setClusterId(clusterId)
                        .setNodeId(nodeId)
                        .setClientUrls(ClientUrls.newBuilder().addUrls(nodeId + ".example")))
                .build();
    }

    private static MeshFrame interest(String pattern, int count) {
        return MeshFrame.newBuilder()
                .setInterest(InterestFrame.newBuilder()
                        .addInterest(Interest.newBuilder()
                                .setPattern(ByteString.copyFromUtf8(pattern))
                                .setCount(count)))
                .build();
    }

    private static MeshFrame routed(String subject, String text) {
        return MeshFrame.newBuilder()
                .setRouted(RoutedFrame.newBuilder()
                        .addMessages(RoutedMessage.newBuilder()
                                .setSubject(ByteString.copyFromUtf8(subject))
                                .setContent(ByteString.copyFromUtf8(text))))
                .build();
    }

    /** One who calls. */
    private final class Stranger implements StreamObserver<MeshReply> {
        private final MeshSession session = new MeshSession(mesh, this);
        private String refusal = "";
        private int welcomes;

        void say(MeshFrame frame) {
            session.onNext(frame);
        }

        @Override
        public void onNext(MeshReply reply) {
            assertThat(reply.getHello().getNodeId()).isEqualTo("a");
            welcomes++;
        }

        @Override
        public void onError(Throwable failure) {
            refusal = Status.fromThrowable(failure).getDescription();
        }

        @Override
        public void onCompleted() {}
    }
}
