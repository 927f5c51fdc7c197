package io.stanchion.node.peer;

import static io.stanchion.node.peer.MeshCluster.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.stanchion.proto.peer.CheckpointChunk;
import io.stanchion.proto.peer.CheckpointEnd;
import io.stanchion.proto.peer.CheckpointFile;
import io.stanchion.proto.peer.PeerGrpc;
import io.stanchion.proto.peer.PullRequest;
import io.stanchion.raftsm.cipher.Encryption;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.store.Checkpoint;
import io.stanchion.raftsm.store.InstallArea;
import io.stanchion.raftsm.store.LogPosition;
import io.stanchion.raftsm.store.Store;
import io.stanchion.raftsm.store.StoreSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint's way from the leader's database to another node. */
class CheckpointTransferTest {
    private static final LogPosition END = new LogPosition(3, 20);
    private static final int CHUNK_BYTES = 256 << 10;

    @TempDir
    private Path directory;

    private final PeerAddress leader = MeshNode.newAddress("leader");
    private final PeerAddress broken = MeshNode.newAddress("broken");
    private final List<PeerAddress> peers = List.of(leader, broken);
    private final ScriptedPorts ports = new ScriptedPorts();
    private final PeerChannels channels = new PeerChannels(peers);
    private final PeerCalls calls = new PeerCalls(new LocalIdentity(MeshNode.CLUSTER, "b", 1, List.of()), channels);
    private final Map<String, byte[]> sent = new TreeMap<>();
    private final BrokenSender brokenSender = new BrokenSender();
    private volatile Path checkpointAtLeader;
    private PeerServer server;
    private Server brokenServer;
    private Store store;
    private MachineState state;

    @BeforeEach
    void start() throws IOException {
        store = Store.open(directory.resolve("leader"), StoreSettings.defaults(), Encryption.off(), fault -> {});
        state = store.restore();
        store.skipped(END);
        store.flush(state);
        ports.checkpoints = this::newCheckpoint;
        server = PeerServer.start(MeshNode.CLUSTER, leader.host(), leader.port(), ports);
        brokenServer = NettyServerBuilder.forAddress(new InetSocketAddress(broken.host(), broken.port()))
                .addService(brokenSender)
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        calls.close();
        channels.close();
        server.close();
        brokenServer.shutdownNow();
        store.close();
    }

    /** A real one, with files of awkward sizes added. */
    private Checkpoint newCheckpoint() throws IOException {
        Checkpoint checkpoint = store.newCheckpoint();
        checkpointAtLeader = checkpoint.directory();
        for (int bytes : List.of(0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 12 << 20)) {
            byte[] content = new byte[bytes];
            new Random(bytes).nextBytes(content);
            Files.write(checkpoint.directory().resolve(bytes + ".sst"), content);
        }
        sent.clear();
        sent.putAll(contents(checkpoint.directory()));
        return checkpoint;
    }

    @Test
    void shouldBringEveryFileByteForByte() throws IOException {
        Path target = Files.createDirectory(directory.resolve("target"));

        assertThat(calls.pull("leader", 20, target)).isEqualTo(END);

        assertThat(contents(target)).containsExactlyEntriesOf(sent);
        assertThat(sent).hasSizeGreaterThan(6).containsKey("CURRENT");
        awaitThat(() -> !Files.exists(checkpointAtLeader));
    }

    @Test
    void shouldRefuseToSendWhatIsTooOldToBeOfUse() throws IOException {
        Path target = Files.createDirectory(directory.resolve("target"));

        assertThatThrownBy(() -> calls.pull("leader", 21, target))
                .isInstanceOf(IOException.class)
                .hasMessage("node leader: UNAVAILABLE: this node has applied up to 20 only, 21 is wanted");
        assertThat(target).isEmptyDirectory();
        awaitThat(() -> !Files.exists(checkpointAtLeader));
    }

    @Test
    void shouldSayWhyThereIsNoCheckpoint() {
        ports.checkpoints = () -> {
            throw new IOException("already 4 checkpoints are being copied");
        };
        assertThatThrownBy(() -> calls.pull("leader", 1, directory))
                .hasMessage("node leader: UNAVAILABLE: already 4 checkpoints are being copied");
        assertThatThrownBy(() -> calls.pull("elsewhere", 1, directory)).hasMessageContaining("not among the peers");
    }

    @Test
    void shouldNotSendACheckpointToAnotherCluster() {
        PeerCalls foreign = new PeerCalls(new LocalIdentity("another", "b", 1, List.of()), channels);

        assertThatThrownBy(() -> foreign.pull("leader", 1, directory))
                .hasMessageContaining("FAILED_PRECONDITION: this is a node of cluster mesh-test, not of another");
        assertThat(checkpointAtLeader).isNull();
    }

    @Test
    void shouldStartAfreshAfterATransferThatBroke() throws IOException {
        InstallArea area = Store.installArea(directory.resolve("follower"), Encryption.off());
        Path install = directory.resolve("follower/install");
        brokenSender.chunks = List.of(file("CURRENT", 3), data("abc"), file("000007.sst", 100), data("half of it"));
        brokenSender.failure = Status.UNAVAILABLE.withDescription("the disk is gone");
        assertThatThrownBy(() -> calls.pull("broken", 1, area.newIncoming())).hasMessageContaining("the disk is gone");
        brokenSender.failure = null;
        assertThatThrownBy(() -> calls.pull("broken", 1, area.newIncoming()))
                .hasMessage("the checkpoint ended early, after 2 files");
        assertThat(install.resolve("ready")).doesNotExist();

        LogPosition announced = calls.pull("leader", 20, area.newIncoming());
        Path incoming = install.resolve("incoming");
        assertThat(contents(incoming)).containsExactlyEntriesOf(sent);
        assertThat(area.accept(announced, 20)).isEqualTo(END);
        assertThat(install.resolve("ready")).isDirectory();
    }

    @Test
    void shouldRefuseFileNamesThatLeadElsewhere() throws IOException {
        Path target = Files.createDirectory(directory.resolve("target"));
        for (String name : List.of("../evil", "/evil", "a/evil", "..", ".", "", "...", "a\\evil", "evil\0", "evil\n")) {
            brokenSender.chunks = List.of(file(name, 3), data("abc"), end(1));
            assertThatThrownBy(() -> calls.pull("broken", 1, target)).as(name).isInstanceOf(IOException.class);
            assertThat(target).isEmptyDirectory();
        }
        assertThat(directory.resolve("evil")).doesNotExist();
    }

    @Test
    void shouldRefuseACheckpointThatDoesNotAddUp() throws IOException {
        assertRefused("file \"a\" is 2 bytes short", file("a", 3), data("x"), end(1));
        assertRefused("file \"a\" is 2 bytes short", file("a", 3), data("x"), file("b", 0), end(2));
        assertRefused("more data than announced for file \"a\"", file("a", 3), data("abcd"));
        assertRefused("more data than announced", data("abcd"));
        assertRefused("ended early, after 1 files", file("a", 0), end(2));
        assertRefused("ended early, after 0 files");
        assertRefused("does not know", CheckpointChunk.getDefaultInstance());
        assertRefused("a", file("a", 1), data("x"), file("a", 1), data("y"), end(2));
    }

    private void assertRefused(String reason, CheckpointChunk... chunks) throws IOException {
        Path target = Files.createTempDirectory(directory, "target");
        brokenSender.chunks = List.of(chunks);
        assertThatThrownBy(() -> calls.pull("broken", 1, target))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void shouldTellTheSenderAtOnceThatNobodyTakesTheRest() throws IOException {
        Path full = Files.createDirectory(directory.resolve("full"));
        Files.createFile(full.resolve("0.sst")); // the first to come, so that it can't be stored

        assertThatThrownBy(() -> calls.pull("leader", 1, full)).isInstanceOf(IOException.class);

        awaitThat(() -> !Files.exists(checkpointAtLeader)); // long before the sender would lose patience
    }

    private static Map<String, byte[]> contents(Path folder) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private static CheckpointChunk file(String name, long size) {
        return CheckpointChunk.newBuilder()
                .setFile(CheckpointFile.newBuilder().setName(name).setSize(size))
                .build();
    }

    private static CheckpointChunk data(String text) {
        return CheckpointChunk.newBuilder()
                .setData(ByteString.copyFromUtf8(text))
                .build();
    }

    private static CheckpointChunk end(int files) {
        return CheckpointChunk.newBuilder()
                .setEnd(CheckpointEnd.newBuilder().setTerm(3).setIndex(20).setFiles(files))
                .build();
    }

    /** Sends what the test says, whether it makes sense or not. */
    private static final class BrokenSender extends PeerGrpc.PeerImplBase {
        private volatile List<CheckpointChunk> chunks = List.of();
        private volatile Status failure;

        @Override
        public void pullCheckpoint(PullRequest request, StreamObserver<CheckpointChunk> receiver) {
            chunks.forEach(receiver::onNext);
            if (failure != null) {
                receiver.onError(failure.asRuntimeException());
            } else {
                receiver.onCompleted();
            }
        }
    }
}
