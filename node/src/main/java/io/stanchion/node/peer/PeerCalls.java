package io.stanchion.node.peer;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.stanchion.proto.peer.AppendResponse;
import io.stanchion.proto.peer.CheckpointChunk;
import io.stanchion.proto.peer.Member;
import io.stanchion.proto.peer.MemberReply;
import io.stanchion.proto.peer.MemberRequest;
import io.stanchion.proto.peer.PeerGrpc;
import io.stanchion.proto.peer.Promised;
import io.stanchion.proto.peer.PullRequest;
import io.stanchion.proto.peer.StandingReply;
import io.stanchion.proto.peer.StandingRequest;
import io.stanchion.raftsm.store.CheckpointSource;
import io.stanchion.raftsm.store.LogPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** What this node asks of its peers, besides the mesh. Thread-safe but for {@link #append}. */
public final class PeerCalls implements CheckpointSource {
    private static final long STANDING_MILLIS = 1_000;
    private static final long CHANGE_SECONDS = 300;

    private final LocalIdentity self;
    private final PeerChannels channels;
    private final Map<String, AppendLink> appendLinks = new ConcurrentHashMap<>();

    public PeerCalls(LocalIdentity self, PeerChannels channels) {
        this.self = self;
        this.channels = channels;
    }

    /**
     * Sends a batch to the node that is believed to lead. Called by one thread, so that batches keep their order.
     *
     * @return completes exceptionally if it is not known what became of the batch
     */
    public CompletableFuture<AppendResponse> append(String nodeId, ByteString batch) {
        ManagedChannel channel = channels.to(nodeId);
        return channel == null
                ? CompletableFuture.failedFuture(new IOException("node " + nodeId + " is not among the peers"))
                : appendLink(nodeId, channel).append(batch);
    }

    /** The channel changes when the peer moves. */
    private AppendLink appendLink(String nodeId, ManagedChannel channel) {
        AppendLink present = appendLinks.get(nodeId);
        if (present != null && present.leadsOver(channel)) {
            return present;
        }
        if (present != null) {
            present.close();
        }
        AppendLink link = new AppendLink(channel);
        appendLinks.put(nodeId, link);
        return link;
    }

    /** What a peer knows of the cluster and of us. Blocks for a second at most. */
    public StandingReply standing(String nodeId, String birth) throws IOException {
        return standing(nodeId, standingRequest(birth).build());
    }

    /** The same, with what this node has promised, for the peer to remember. */
    public StandingReply keep(String nodeId, String birth, Promised own) throws IOException {
        return standing(nodeId, standingRequest(birth).setPromised(own).build());
    }

    private StandingRequest.Builder standingRequest(String birth) {
        return StandingRequest.newBuilder()
                .setClusterId(self.clusterId())
                .setNodeId(self.nodeId())
                .setBirth(birth);
    }

    private StandingReply standing(String nodeId, StandingRequest request) throws IOException {
        ManagedChannel channel = channel(nodeId);
        try {
            channel.resetConnectBackoff();
            return PeerGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(STANDING_MILLIS, TimeUnit.MILLISECONDS)
                    .standing(request);
        } catch (StatusRuntimeException e) {
            throw failed(nodeId, e);
        }
    }

    /** Asks the leader to take this node out of the group. Blocks until that is done. */
    public void expel(String leader) throws IOException {
        ask(leader, Member.getDefaultInstance(), PeerGrpc.PeerBlockingStub::expel);
    }

    /**
     * Asks the leader to take this node into the group. Blocks until that is done.
     *
     * @param place where this node is to be found
     */
    public void admit(String leader, Member place) throws IOException {
        ask(leader, place, PeerGrpc.PeerBlockingStub::admit);
    }

    private void ask(
            String leader, Member place, BiFunction<PeerGrpc.PeerBlockingStub, MemberRequest, MemberReply> change)
            throws IOException {
        MemberRequest request = MemberRequest.newBuilder()
                .setClusterId(self.clusterId())
                .setNodeId(self.nodeId())
                .setSelf(place)
                .build();
        MemberReply reply;
        try {
            reply = change.apply(
                    PeerGrpc.newBlockingStub(channel(leader)).withDeadlineAfter(CHANGE_SECONDS, TimeUnit.SECONDS),
                    request);
        } catch (StatusRuntimeException e) {
            throw failed(leader, e);
        }
        if (!reply.getError().isEmpty()) {
            throw new IOException("node " + leader + ": " + reply.getError());
        }
    }

    @Override
    public LogPosition pull(String nodeId, long atLeastIndex, Path target) throws IOException {
        PullRequest request = PullRequest.newBuilder()
                .setClusterId(self.clusterId())
                .setNodeId(self.nodeId())
                .setAtLeastIndex(Math.max(0, atLeastIndex))
                .build();
        ManagedChannel channel = channel(nodeId);
        // If this side fails, the other learns that nobody takes the rest: it keeps only a few checkpoints at a time.
        try (Context.CancellableContext pulling = Context.current().withCancellation();
                CheckpointFiles files = new CheckpointFiles(target)) {
            Iterator<CheckpointChunk> chunks = chunks(pulling, channel, request);
            while (chunks.hasNext()) {
                files.accept(chunks.next());
            }
            return files.end();
        } catch (StatusRuntimeException e) {
            throw failed(nodeId, e);
        }
    }

    private static Iterator<CheckpointChunk> chunks(Context pulling, ManagedChannel channel, PullRequest request) {
        Context before = pulling.attach();
        try {
            return PeerGrpc.newBlockingStub(channel).pullCheckpoint(request);
        } finally {
            pulling.detach(before);
        }
    }

    /** Without the cause that a status prints along with itself, stack trace and all. */
    private static IOException failed(String nodeId, StatusRuntimeException failure) {
        Status status = failure.getStatus();
        String description = status.getDescription();
        return new IOException(
                "node " + nodeId + ": " + status.getCode() + (description == null ? "" : ": " + description), failure);
    }

    private ManagedChannel channel(String nodeId) throws IOException {
        ManagedChannel channel = channels.to(nodeId);
        if (channel == null) {
            throw new IOException("node " + nodeId + " is not among the peers");
        }
        return channel;
    }

    public void close() {
        appendLinks.values().forEach(AppendLink::close);
    }
}
