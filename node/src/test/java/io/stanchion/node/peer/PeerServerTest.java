package io.stanchion.node.peer;

import static io.stanchion.node.peer.MeshCluster.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.stanchion.proto.peer.AppendResponse;
import io.stanchion.proto.peer.Hello;
import io.stanchion.proto.peer.Member;
import io.stanchion.proto.peer.MeshFrame;
import io.stanchion.proto.peer.MeshReply;
import io.stanchion.proto.peer.PeerGrpc;
import io.stanchion.proto.peer.StandingReply;
import io.stanchion.proto.peer.Unavailable;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node asks of another over gRPC, besides the mesh. */
class PeerServerTest {
    private static final int PATIENCE_SECONDS = 10;
    private static final Member SELF = Member.newBuilder().setNodeId("known").build();

    private final PeerAddress leader = MeshNode.newAddress("leader");
    private final ScriptedPorts ports = new ScriptedPorts();
    private final PeerChannels channels = new PeerChannels(List.of(leader));
    private final PeerCalls calls = newCalls(MeshNode.CLUSTER, "known");
    private PeerServer server;

    private PeerCalls newCalls(String clusterId, String nodeId) {
        return new PeerCalls(new LocalIdentity(clusterId, nodeId, 1, List.of()), channels);
    }

    @BeforeEach
    void start() throws IOException {
        server = PeerServer.start(MeshNode.CLUSTER, leader.host(), leader.port(), ports);
    }

    @AfterEach
    void stop() {
        calls.close();
        server.close();
        channels.close();
    }

    @Test
    void shouldSayWhyItCannotListen() {
        assertThatThrownBy(() -> PeerServer.start(MeshNode.CLUSTER, leader.host(), leader.port(), ports))
                .hasMessage(
                        "cannot listen for peers on " + leader.host() + ":" + leader.port()
                                + ": the port is taken; stop what listens there, or choose another with streaming.cluster.peers");
        assertThatThrownBy(() -> PeerServer.start(MeshNode.CLUSTER, "192.0.2.1", leader.port(), ports))
                .hasMessageEndingWith(": this is not an address of this machine; correct streaming.cluster.listen");
        assertThatThrownBy(() -> PeerServer.start(MeshNode.CLUSTER, "nobody.invalid", leader.port(), ports))
                .hasMessageEndingWith(": unknown host; correct streaming.cluster.listen");
    }

    @Test
    void shouldBringBatchesToTheLeaderInOrderAndEachAnswerToItsBatch() throws Exception {
        List<String> arrived = new ArrayList<>();
        ports.onAppend = batch -> {
            arrived.add(batch.toStringUtf8()); // by one gRPC thread at a time
            return CompletableFuture.completedFuture(reply("reply to " + batch.toStringUtf8()));
        };
        List<CompletableFuture<AppendResponse>> answers = new ArrayList<>();
        List<String> answered = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            CompletableFuture<AppendResponse> answer = calls.append("leader", batch("batch " + i));
            answers.add(answer.whenComplete((response, failure) -> answered.add(text(response))));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(text(await(answers.get(i)))).isEqualTo("reply to batch " + i);
        }
        List<String> sent = IntStream.range(0, 500).mapToObj(i -> "batch " + i).toList();
        assertThat(arrived).isEqualTo(sent);
        assertThat(answered)
                .isEqualTo(sent.stream().map(text -> "reply to " + text).toList());
    }

    @Test
    void shouldTellAnswersApartThatComeInAnotherOrder() throws Exception {
        Map<String, CompletableFuture<AppendResponse>> atLeader = new ConcurrentHashMap<>();
        ports.onAppend = batch -> atLeader.computeIfAbsent(batch.toStringUtf8(), text -> new CompletableFuture<>());
        CompletableFuture<AppendResponse> one = calls.append("leader", batch("1"));
        CompletableFuture<AppendResponse> two = calls.append("leader", batch("2"));
        awaitThat(() -> atLeader.size() == 2);

        atLeader.get("2").complete(reply("second"));
        assertThat(text(await(two))).isEqualTo("second");
        assertThat(one).isNotDone();
        atLeader.get("1")
                .complete(AppendResponse.newBuilder()
                        .setUnavailable(Unavailable.newBuilder()
                                .setReason("not the leader")
                                .setLeader("x"))
                        .build());
        assertThat(await(one).getUnavailable().getLeader()).isEqualTo("x");
    }

    @Test
    void shouldAnswerABatchThatFailedAtTheLeader() throws Exception {
        ports.onAppend = batch -> CompletableFuture.failedFuture(new IOException("disk full"));

        assertThat(await(calls.append("leader", batch("1"))).getUnavailable().getReason())
                .contains("disk full");
    }

    @Test
    void shouldFailWhatIsInFlightWhenTheLeaderDiesAndGoOnWhenItIsBack() throws Exception {
        Map<String, Boolean> seen = new ConcurrentHashMap<>();
        ports.onAppend = batch -> {
            seen.put(batch.toStringUtf8(), true);
            return new CompletableFuture<>(); // never answered
        };
        List<CompletableFuture<AppendResponse>> inFlight =
                List.of(calls.append("leader", batch("1")), calls.append("leader", batch("2")));
        awaitThat(() -> seen.size() == 2);
        server.close();
        for (CompletableFuture<AppendResponse> answer : inFlight) {
            assertThatThrownBy(() -> await(answer)).hasCauseInstanceOf(StatusRuntimeException.class);
        }
        assertThatThrownBy(() -> await(calls.append("leader", batch("3")))).isNotNull();

        awaitThat(this::restarted);
        ports.onAppend = batch -> CompletableFuture.completedFuture(reply("again"));
        awaitThat(() -> isAnswered(calls.append("leader", batch("4"))));
    }

    @Test
    void shouldFailWhatIsInFlightWhenThisNodeStops() {
        ports.onAppend = batch -> new CompletableFuture<>();
        CompletableFuture<AppendResponse> inFlight = calls.append("leader", batch("1"));
        calls.close();

        assertThatThrownBy(() -> await(inFlight)).hasMessageContaining("closed");
    }

    @Test
    void shouldNotKnowTheWayToANodeThatIsNoPeer() {
        assertThatThrownBy(() -> await(calls.append("elsewhere", batch("1"))))
                .hasMessageContaining("node elsewhere is not among the peers");
        assertThatThrownBy(() -> calls.standing("elsewhere", "")).hasMessageContaining("not among the peers");
    }

    @Test
    void shouldSayWhoIsKnownAndWhoLeads() throws IOException {
        ports.leader = "x";
        StandingReply reply = calls.standing("leader", "today");

        assertThat(reply.getKnown()).isTrue();
        assertThat(reply.getBirth()).isEqualTo("birth of known is today");
        assertThat(reply.getLeader()).isEqualTo("x");
        assertThat(newCalls(MeshNode.CLUSTER, "new").standing("leader", "").getKnown())
                .isFalse();
    }

    @Test
    void shouldPassOnWhyANodeIsNotReadmitted() throws IOException {
        calls.admit("leader", SELF);
        ports.readmissionError = "this node does not lead";

        assertThatThrownBy(() -> calls.admit("leader", SELF))
                .isInstanceOf(IOException.class)
                .hasMessage("node leader: this node does not lead");
    }

    @Test
    void shouldRefuseEveryQuestionOfAnotherCluster() {
        PeerCalls foreign = newCalls("another", "known");
        String reason = "node leader: FAILED_PRECONDITION: this is a node of cluster mesh-test, not of another";

        assertThatThrownBy(() -> foreign.standing("leader", "")).hasMessage(reason);
        assertThatThrownBy(() -> foreign.admit("leader", SELF)).hasMessage(reason);
    }

    @Test
    void shouldRefuseAMeshUntilThereIsOne() {
        CompletableFuture<String> refusal = callMesh(Hello.getDefaultInstance());
        assertThat(refusal).succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS)).isEqualTo("starting");
    }

    @Test
    void shouldServeItsPeersWhileStrangersSendGarbage() throws Exception {
        ports.onAppend = batch -> CompletableFuture.completedFuture(reply("fine"));
        long seed = 4711;
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[random.nextInt(1, 2_000)];
            random.nextBytes(garbage);
            try (Socket socket = new Socket(leader.host(), leader.port())) {
                if (i % 2 == 0) {
                    socket.getOutputStream()
                            .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                socket.getOutputStream().write(garbage);
            } catch (IOException e) {
                assertThat(e).as("seed %d", seed).hasMessageMatching("(?i).*(reset|broken pipe).*"); // thrown out early
            }
            assertThat(text(await(calls.append("leader", batch("1")))))
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo("fine");
        }
    }

    private CompletableFuture<String> callMesh(Hello hello) {
        CompletableFuture<String> refusal = new CompletableFuture<>();
        PeerGrpc.newStub(channels.to("leader"))
                .mesh(new StreamObserver<>() {
                    @Override
                    public void onNext(MeshReply reply) {
                        refusal.completeExceptionally(new AssertionError(reply));
                    }

                    @Override
                    public void onError(Throwable failure) {
                        refusal.complete(Status.fromThrowable(failure).getDescription());
                    }

                    @Override
                    public void onCompleted() {}
                })
                .onNext(MeshFrame.newBuilder().setHello(hello).build());
        return refusal;
    }

    private boolean restarted() {
        try {
            server = PeerServer.start(MeshNode.CLUSTER, leader.host(), leader.port(), ports);
            return true;
        } catch (IOException e) {
            return false; // the old one is still closing
        }
    }

    private static boolean isAnswered(CompletableFuture<AppendResponse> answer) {
        try {
            return text(await(answer)).equals("again");
        } catch (Exception e) {
            return false; // not connected yet
        }
    }

    private static AppendResponse await(CompletableFuture<AppendResponse> answer) throws Exception {
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static ByteString batch(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static AppendResponse reply(String text) {
        return AppendResponse.newBuilder().setReply(batch(text)).build();
    }

    private static String text(AppendResponse response) {
        return response.getReply().toStringUtf8();
    }
}
