package io.stanchion.node.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.netty.buffer.ByteBufUtil;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Peer;
import io.stanchion.gateway.core.Subject;
import io.stanchion.proto.peer.Interest;
import io.stanchion.proto.peer.InterestFrame;
import io.stanchion.proto.peer.MeshFrame;
import io.stanchion.proto.peer.MeshReply;
import io.stanchion.proto.peer.PeerGrpc;
import io.stanchion.proto.peer.RoutedFrame;
import io.stanchion.proto.peer.RoutedMessage;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's stream to one peer: its interest, and messages for that peer's subscribers. One queue carries both, so that a reply's inbox is
 * announced before the request that names it. The thread {@code peer-<node>} owns the stream.
 *
 * <p>While the peer is away, messages for it are dropped: core NATS promises no more, and the streaming service sends again. A queue beyond
 * its bound means that the peer takes nothing any more; the stream is then begun anew.
 */
final class MeshLink implements Peer, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MeshLink.class);
    private static final int FRAME_BYTES_MAX = 256 << 10;
    private static final int FRAME_ITEMS_MAX = 1024;
    private static final long RETRY_MILLIS_MIN = 50;
    private static final long RETRY_MILLIS_MAX = 1_000;

    private final LocalIdentity self;
    private final String nodeId;
    private final ManagedChannel channel;
    private final AnnouncedInterest interest;
    private final long queuedBytesMax;
    private final ScheduledExecutorService thread;

    /** Interest and RoutedMessage, in the order in which they became true. */
    private final Queue<MessageLite> queue = new ConcurrentLinkedQueue<>();

    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private volatile boolean connected;

    // Owned by the thread
    private @Nullable Stream stream;
    private long retryMillis = RETRY_MILLIS_MIN;
    private boolean closed;

    MeshLink(
            LocalIdentity self,
            String nodeId,
            ManagedChannel channel,
            AnnouncedInterest interest,
            long queuedBytesMax) {
        this.self = self;
        this.nodeId = nodeId;
        this.channel = channel;
        this.interest = interest;
        this.queuedBytesMax = queuedBytesMax;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread named = new Thread(task, "peer-" + nodeId);
            named.setDaemon(true);
            return named;
        });
        interest.addLink(this::announce);
    }

    void start() {
        thread.execute(this::connect);
    }

    boolean isConnected() {
        return connected;
    }

    @Override
    public String nodeId() {
        return nodeId;
    }

    @Override
    public void forward(Message message, List<Subject> queueGroups) {
        if (connected) {
            enqueue(routed(message, queueGroups));
        }
    }

    private void announce(Interest changed) {
        if (connected) {
            enqueue(changed);
        }
    }

    private static RoutedMessage routed(Message message, List<Subject> queueGroups) {
        RoutedMessage.Builder routed = RoutedMessage.newBuilder()
                .setSubject(AnnouncedInterest.bytes(message.subject()))
                .setHeaderBytes(message.headerBytes())
                .setContent(UnsafeByteOperations.unsafeWrap(ByteBufUtil.getBytes(message.content())));
        Subject reply = message.reply();
        if (reply != null) {
            routed.setReply(AnnouncedInterest.bytes(reply));
        }
        for (Subject group : queueGroups) {
            routed.addQueueGroups(AnnouncedInterest.bytes(group));
        }
        return routed.build();
    }

    private void enqueue(MessageLite item) {
        queue.add(item);
        long bytes = queuedBytes.addAndGet(item.getSerializedSize());
        if (bytes > queuedBytesMax) {
            thread.execute(this::reset);
        } else if (drainScheduled.compareAndSet(false, true)) {
            thread.execute(this::drain);
        }
    }

    // On the thread of this link

    private void connect() {
        if (closed || stream != null) {
            return;
        }
        stream = new Stream();
        PeerGrpc.newStub(channel).mesh(stream);
        stream.send(MeshFrame.newBuilder().setHello(self.hello()).build());
    }

    private void onHello(Stream answered) {
        if (answered != stream) {
            return;
        }
        retryMillis = RETRY_MILLIS_MIN;
        // Changes from now on are queued; what they change may also be in the list below, which does no harm.
        connected = true;
        InterestFrame.Builder all = InterestFrame.newBuilder();
        for (Interest present : interest.all()) {
            all.addInterest(present);
            if (all.getInterestCount() == FRAME_ITEMS_MAX) {
                answered.send(MeshFrame.newBuilder().setInterest(all).build());
                all.clear();
            }
        }
        answered.send(MeshFrame.newBuilder().setInterest(all.setComplete(true)).build());
        log.info("connected to peer node={}", nodeId);
        drain();
    }

    private void drain() {
        drainScheduled.set(false);
        while (stream != null && connected && stream.isReady() && !queue.isEmpty()) {
            stream.send(nextFrame());
        }
    }

    /** As many items of one kind as fit. */
    private MeshFrame nextFrame() {
        MessageLite first = take();
        return first instanceof Interest change ? interestFrame(change) : routedFrame((RoutedMessage) first);
    }

    private MeshFrame interestFrame(Interest first) {
        InterestFrame.Builder frame = InterestFrame.newBuilder().addInterest(first);
        while (frame.getInterestCount() < FRAME_ITEMS_MAX && queue.peek() instanceof Interest) {
            frame.addInterest((Interest) take());
        }
        return MeshFrame.newBuilder().setInterest(frame).build();
    }

    private MeshFrame routedFrame(RoutedMessage first) {
        RoutedFrame.Builder frame = RoutedFrame.newBuilder().addMessages(first);
        long bytes = first.getSerializedSize();
        while (frame.getMessagesCount() < FRAME_ITEMS_MAX
                && bytes < FRAME_BYTES_MAX
                && queue.peek() instanceof RoutedMessage) {
            RoutedMessage next = (RoutedMessage) take();
            bytes += next.getSerializedSize();
            frame.addMessages(next);
        }
        return MeshFrame.newBuilder().setRouted(frame).build();
    }

    private MessageLite take() {
        MessageLite taken = queue.remove();
        queuedBytes.addAndGet(-taken.getSerializedSize());
        return taken;
    }

    private void reset() {
        if (queuedBytes.get() > queuedBytesMax && stream != null) {
            log.warn("peer takes no more messages, beginning anew node={} queuedBytes={}", nodeId, queuedBytes.get());
            stream.cancel();
            onEnd(stream, "queue over its bound");
        }
    }

    private void onEnd(Stream ended, String why) {
        if (ended != stream) {
            return;
        }
        stream = null;
        if (connected && !closed) {
            log.info("lost peer node={} reason={}", nodeId, why);
        }
        connected = false;
        queue.clear();
        queuedBytes.set(0);
        if (!closed) {
            var unused = thread.schedule(this::retry, retryMillis, TimeUnit.MILLISECONDS);
            retryMillis = Math.min(RETRY_MILLIS_MAX, 2 * retryMillis);
        }
    }

    private void retry() {
        channel.resetConnectBackoff();
        connect();
    }

    @Override
    public void close() {
        thread.execute(() -> {
            closed = true;
            connected = false;
            if (stream != null) {
                stream.cancel();
            }
            thread.shutdown();
        });
    }

    private void onLinkThread(Runnable step) {
        if (!thread.isShutdown()) {
            thread.execute(step);
        }
    }

    /** One attempt. gRPC calls it on its own threads; it hops to the link's. */
    private final class Stream implements ClientResponseObserver<MeshFrame, MeshReply> {
        private @Nullable ClientCallStreamObserver<MeshFrame> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<MeshFrame> started) {
            call = started;
            started.setOnReadyHandler(() -> onLinkThread(MeshLink.this::drain));
        }

        boolean isReady() {
            return call != null && call.isReady();
        }

        void send(MeshFrame frame) {
            if (call != null) {
                call.onNext(frame);
            }
        }

        void cancel() {
            if (call != null) {
                call.cancel("closed by this node", null);
            }
        }

        @Override
        public void onNext(MeshReply reply) {
            onLinkThread(() -> onHello(this));
        }

        @Override
        public void onError(Throwable failure) {
            onLinkThread(() -> onEnd(this, String.valueOf(failure.getMessage())));
        }

        @Override
        public void onCompleted() {
            onLinkThread(() -> onEnd(this, "closed by the peer"));
        }
    }

    static Subject subject(ByteString bytes) {
        return Subject.ofBytes(bytes.toByteArray());
    }
}
