package io.stanchion.node.peer;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.stanchion.proto.peer.AppendRequest;
import io.stanchion.proto.peer.AppendResponse;
import io.stanchion.proto.peer.PeerGrpc;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Batches for the log of another node, in order, over one stream that is opened when needed. When the stream breaks, every batch in it
 * fails: the sender does not know what became of them and sends them again.
 */
final class AppendLink {
    private final ManagedChannel channel;
    private final AtomicLong ids = new AtomicLong();
    private volatile @Nullable Stream current;

    AppendLink(ManagedChannel channel) {
        this.channel = channel;
    }

    boolean leadsOver(ManagedChannel asked) {
        return channel.equals(asked);
    }

    /** Called by one thread. The future completes on a gRPC thread, exceptionally if the stream breaks. */
    CompletableFuture<AppendResponse> append(ByteString batch) {
        Stream stream = current;
        if (stream == null || stream.isBroken) {
            channel.resetConnectBackoff();
            stream = new Stream();
            stream.requests = PeerGrpc.newStub(channel).append(stream);
            current = stream;
        }
        return stream.send(ids.incrementAndGet(), batch);
    }

    void close() {
        Stream stream = current;
        if (stream != null) {
            stream.onError(new IllegalStateException("closed"));
        }
    }

    private static final class Stream implements StreamObserver<AppendResponse> {
        private final Map<Long, CompletableFuture<AppendResponse>> pending = new ConcurrentHashMap<>();
        private @Nullable StreamObserver<AppendRequest> requests;
        private volatile boolean isBroken;

        CompletableFuture<AppendResponse> send(long id, ByteString batch) {
            CompletableFuture<AppendResponse> answer = new CompletableFuture<>();
            pending.put(id, answer);
            if (isBroken || requests == null) {
                fail(new IllegalStateException("the stream to the leader is broken"));
            } else {
                requests.onNext(
                        AppendRequest.newBuilder().setId(id).setBatch(batch).build());
            }
            if (isBroken) {
                fail(new IllegalStateException(
                        "the stream to the leader broke")); // whoever breaks it may have missed this one
            }
            return answer;
        }

        @Override
        public void onNext(AppendResponse response) {
            CompletableFuture<AppendResponse> answer = pending.remove(response.getId());
            if (answer != null) {
                answer.complete(response);
            }
        }

        @Override
        public void onError(Throwable failure) {
            isBroken = true;
            fail(failure);
        }

        @Override
        public void onCompleted() {
            onError(new IllegalStateException("the leader has closed the stream"));
        }

        private void fail(Throwable failure) {
            for (Long id : List.copyOf(pending.keySet())) {
                CompletableFuture<AppendResponse> answer = pending.remove(id);
                if (answer != null) {
                    answer.completeExceptionally(failure);
                }
            }
        }
    }
}
