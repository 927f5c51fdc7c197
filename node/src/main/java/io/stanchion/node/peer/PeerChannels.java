package io.stanchion.node.peer;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One connection per peer, shared by all that talks to it. gRPC reconnects by itself; the streams on top begin anew. Peers come, go and
 * move. Thread-safe.
 */
public final class PeerChannels implements AutoCloseable {
    private static final int MESSAGE_BYTES_MAX = 64 << 20;
    private static final int FLOW_CONTROL_WINDOW = 4 << 20;
    private static final int CONNECT_MILLIS_MAX = 1_500;

    private final Map<String, Connected> channels = new ConcurrentHashMap<>();

    private record Connected(PeerAddress address, ManagedChannel channel) {}

    public PeerChannels(Collection<PeerAddress> peers) {
        setPeers(peers);
    }

    /** From now on these are the peers. Calls to one that is gone, or has moved, fail. */
    public void setPeers(Collection<PeerAddress> peers) {
        Map<String, PeerAddress> wanted =
                peers.stream().collect(Collectors.toMap(PeerAddress::nodeId, Function.identity()));
        channels.forEach((nodeId, present) -> {
            if (!present.address.equals(wanted.get(nodeId)) && channels.remove(nodeId, present)) {
                present.channel.shutdownNow();
            }
        });
        wanted.forEach((nodeId, address) ->
                channels.computeIfAbsent(nodeId, id -> new Connected(address, newChannel(address))));
    }

    /** Null for a node that is not among the peers. */
    @Nullable
    ManagedChannel to(String nodeId) {
        Connected present = channels.get(nodeId);
        return present == null ? null : present.channel;
    }

    private static ManagedChannel newChannel(PeerAddress peer) {
        return NettyChannelBuilder.forAddress(peer.host(), peer.port())
                .usePlaintext()
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .flowControlWindow(FLOW_CONTROL_WINDOW)
                // The kernel doubles the time between two attempts: after a cut of ten seconds the next is far away.
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                // A peer whose machine is gone sends no FIN: without these its death would show after minutes only.
                .keepAliveTime(1, TimeUnit.SECONDS)
                .keepAliveTimeout(2, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true)
                .disableRetry()
                .build();
    }

    @Override
    public void close() {
        channels.values().forEach(present -> present.channel.shutdownNow());
    }
}
