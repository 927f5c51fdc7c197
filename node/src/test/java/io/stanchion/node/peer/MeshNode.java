package io.stanchion.node.peer;

import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Interest;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A node as far as the mesh goes: a router, a server and links to the others, on real sockets. */
final class MeshNode implements AutoCloseable {
    static final String CLUSTER = "mesh-test";
    private static final String LOOPBACK = "127.0.0.1";

    final String nodeId;
    final Router router = new Router();
    final PeerMesh mesh;
    private final PeerServer server;
    private final PeerChannels channels;
    /** Whom it could not reach any more. */
    final List<String> losses = new CopyOnWriteArrayList<>();

    private volatile List<String> urlsOfOthers = List.of();

    /** @param process tells the starts of one node apart */
    MeshNode(PeerAddress self, Collection<PeerAddress> all, long process, long queuedBytesMax) throws IOException {
        nodeId = self.nodeId();
        List<PeerAddress> others =
                all.stream().filter(peer -> !peer.equals(self)).toList();
        LocalIdentity identity = new LocalIdentity(CLUSTER, nodeId, process, List.of(clientUrl(nodeId, process)));
        server = PeerServer.start(CLUSTER, self.host(), self.port(), new ScriptedPorts());
        channels = new PeerChannels(others);
        mesh = new PeerMesh(identity, channels, router, new Heard(), queuedBytesMax);
        mesh.setPeers(others);
        server.serve(mesh);
    }

    private final class Heard implements PeerMesh.Events {
        @Override
        public void onUrls(List<String> urls) {
            urlsOfOthers = urls;
        }

        @Override
        public void onLost(String lost) {
            losses.add(lost);
        }
    }

    static String clientUrl(String nodeId, long process) {
        return nodeId + ".example:" + (4222 + process);
    }

    /** Below the range of ports that the kernel gives to outgoing connections, so that a restarted node finds its port free. */
    static PeerAddress newAddress(String nodeId) {
        for (int attempt = 0; attempt < 200; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return new PeerAddress(nodeId, LOOPBACK, port);
            } catch (IOException e) {
                // somebody else's; draw again
            }
        }
        throw new IllegalStateException("no free port on loopback");
    }

    List<String> urlsOfOthers() {
        return urlsOfOthers;
    }

    Received subscribe(String pattern) {
        Received received = new Received();
        received.interest = subscribe(pattern, null, received);
        return received;
    }

    Received join(String pattern, String queueGroup) {
        Received received = new Received();
        received.interest = subscribe(pattern, queueGroup, received);
        return received;
    }

    private Interest subscribe(String pattern, String queueGroup, Received received) {
        Subject group = queueGroup == null ? null : Subject.of(queueGroup);
        return router.subscribe(Subject.of(pattern), group, Scope.CLUSTER, received);
    }

    boolean publish(String subject, String text) {
        return router.publish(message(subject, text));
    }

    static Message message(String subject, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        return new Message(Subject.of(subject), null, 0, Unpooled.wrappedBuffer(content));
    }

    boolean hasInterest(String subject) {
        return router.hasInterest(Subject.of(subject));
    }

    @Nullable
    Object whereabouts(String subject) {
        return router.whereabouts(Subject.of(subject));
    }

    boolean hasRoom(String subject) {
        return router.hasRoom(Objects.requireNonNull(whereabouts(subject)));
    }

    @Override
    public void close() {
        mesh.close();
        server.close();
        channels.close();
    }
}
