package io.stanchion.node.peer;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection per peer, shared by all that talks to it. gRPC reconnects by itself; the streams on top begin anew. Thread-safe. */
public final class PeerChannels implements AutoCloseable {
    private static final int MESSAGE_BYTES_MAX = 64 << 20;
    private static final int FLOW_CONTROL_WINDOW = 4 << 20;

    private final Map<String, ManagedChannel> channels = new TreeMap<>();

    public PeerChannels(Collection<PeerAddress> peers) {
        for (PeerAddress peer : peers) {
            channels.put(peer.nodeId(), newChannel(peer));
        }
    }

    /** Null for a node that is not among the peers. */
    @Nullable
    ManagedChannel to(String nodeId) {
        return channels.get(nodeId);
    }

    private static ManagedChannel newChannel(PeerAddress peer) {
        return NettyChannelBuilder.forAddress(peer.host(), peer.port())
                .usePlaintext()
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .flowControlWindow(FLOW_CONTROL_WINDOW)
                // A peer whose machine is gone sends no FIN: without these its death would show after minutes only.
                .keepAliveTime(1, TimeUnit.SECONDS)
                .keepAliveTimeout(2, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true)
                .disableRetry()
                .build();
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
