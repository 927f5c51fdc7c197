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
import io.stanchion.proto.peer.KeepAlive;
import io.stanchion.proto.peer.MeshFrame;
import io.stanchion.proto.peer.MeshReply;
import io.stanchion.proto.peer.PeerGrpc;
import io.stanchion.proto.peer.RoutedFrame;
import io.stanchion.proto.peer.RoutedMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
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

    private final Supplier<LocalIdentity> self;
    private final String nodeId;
    private final ManagedChannel channel;
    private final AnnouncedInterest interest;
    private final long queuedBytesMax;
    private final Consumer<String> onLost;
    private final Consumer<Interest> announcer = this::announce;
    private final ScheduledExecutorService thread;

    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final AtomicBoolean resetScheduled = new AtomicBoolean();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();

    /** Null while the peer is away. */
    private volatile @Nullable LinkQueue queue;

    // Owned by the thread
    private @Nullable Stream stream;
    private long retryMillis = RETRY_MILLIS_MIN;
    private boolean closed;

    MeshLink(
            Supplier<LocalIdentity> self,
            String nodeId,
            ManagedChannel channel,
            AnnouncedInterest interest,
            long queuedBytesMax,
            Consumer<String> onLost) {
        this.self = self;
        this.nodeId = nodeId;
        this.channel = channel;
        this.interest = interest;
        this.queuedBytesMax = queuedBytesMax;
        this.onLost = onLost;
        // What is asked of it once the link is closed has no meaning any more.
        this.thread = new ScheduledThreadPoolExecutor(1, this::newThread, new ThreadPoolExecutor.DiscardPolicy());
        interest.addLink(announcer);
    }

    private Thread newThread(Runnable task) {
        Thread named = new Thread(task, "peer-" + nodeId);
        named.setDaemon(true);
        return named;
    }

    void start() {
        thread.execute(this::connect);
    }

    boolean isConnected() {
        return queue != null;
    }

    @Override
    public @Nullable Path path() {
        return queue;
    }

    /** The peer has just called, so it is there: no reason to wait any longer before the next attempt to reach it. */
    void onCalled() {
        thread.execute(this::retry);
    }

    /** Tells the peer what time it is here, unless there is a lot to tell already. */
    void tellTime() {
        thread.execute(() -> {
            if (queue != null && stream != null && stream.isReady()) {
                KeepAlive time =
                        KeepAlive.newBuilder().setWallNanos(WallClock.nanos()).build();
                stream.send(MeshFrame.newBuilder().setKeepAlive(time).build());
            }
        });
    }

    /** Bytes that wait for the peer to take them. */
    long queuedBytes() {
        LinkQueue open = queue;
        return open == null ? 0 : open.bytes();
    }

    @Override
    public String nodeId() {
        return nodeId;
    }

    @Override
    public void forward(Message message, List<Subject> queueGroups) {
        LinkQueue open = queue;
        if (open != null) {
            enqueue(open, routed(message, queueGroups));
        }
    }

    /** What a peer that is away misses here, it learns when it is back: the identity from Hello, vitals soon after. */
    void tell(MeshFrame frame) {
        LinkQueue open = queue;
        if (open != null) {
            enqueue(open, frame);
        }
    }

    private void announce(Interest changed) {
        LinkQueue open = queue;
        if (open != null) {
            enqueue(open, changed);
        }
    }

    private static RoutedMessage routed(Message message, List<Subject> queueGroups) {
        RoutedMessage.Builder routed = RoutedMessage.newBuilder()
                .setSubject(AnnouncedInterest.bytes(message.subject()))
                .setHeaderBytes(message.headerBytes())
                .setTerm(message.term())
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

    private void enqueue(LinkQueue open, MessageLite item) {
        if (!open.offer(item)) {
            if (resetScheduled.compareAndSet(false, true)) {
                thread.execute(this::reset);
            }
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
        stream.send(MeshFrame.newBuilder().setHello(self.get().hello()).build());
    }

    private void onHello(Stream answered) {
        if (answered != stream) {
            return;
        }
        retryMillis = RETRY_MILLIS_MIN;
        // Changes from now on are queued; what they change may also be in the list below, which does no harm.
        queue = new LinkQueue(queuedBytesMax);
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
        LinkQueue open = queue;
        while (stream != null && open != null && stream.isReady() && !open.isEmpty()) {
            stream.send(nextFrame(open));
        }
    }

    /** As many items of one kind as fit. */
    private static MeshFrame nextFrame(LinkQueue open) {
        MessageLite first = open.take();
        if (first instanceof MeshFrame whole) {
            return whole;
        }
        return first instanceof Interest change
                ? interestFrame(change, open)
                : routedFrame((RoutedMessage) first, open);
    }

    private static MeshFrame interestFrame(Interest first, LinkQueue open) {
        InterestFrame.Builder frame = InterestFrame.newBuilder().addInterest(first);
        while (frame.getInterestCount() < FRAME_ITEMS_MAX && open.peek() instanceof Interest) {
            frame.addInterest((Interest) open.take());
        }
        return MeshFrame.newBuilder().setInterest(frame).build();
    }

    private static MeshFrame routedFrame(RoutedMessage first, LinkQueue open) {
        RoutedFrame.Builder frame = RoutedFrame.newBuilder().addMessages(first);
        long bytes = first.getSerializedSize();
        while (frame.getMessagesCount() < FRAME_ITEMS_MAX
                && bytes < FRAME_BYTES_MAX
                && open.peek() instanceof RoutedMessage) {
            RoutedMessage next = (RoutedMessage) open.take();
            bytes += next.getSerializedSize();
            frame.addMessages(next);
        }
        return MeshFrame.newBuilder().setRouted(frame).build();
    }

    private void reset() {
        resetScheduled.set(false);
        LinkQueue open = queue;
        if (open != null && open.isOverflown() && stream != null) {
            log.warn("peer takes no more messages, beginning anew node={} queuedBytes={}", nodeId, open.bytes());
            stream.cancel();
            end(stream, "queue over its bound");
        }
    }

    private void onEnd(Stream ended, String why) {
        boolean isLost = ended == stream && queue != null && !closed;
        end(ended, why);
        if (isLost) {
            onLost.accept(nodeId);
        }
    }

    private void end(Stream ended, String why) {
        if (ended != stream) {
            return;
        }
        stream = null;
        if (queue != null && !closed) {
            log.info("lost peer node={} reason={}", nodeId, why);
        }
        queue = null;
        if (closed) {
            finished.complete(null);
        } else {
            var unused = thread.schedule(this::retry, retryMillis, TimeUnit.MILLISECONDS);
            retryMillis = Math.min(RETRY_MILLIS_MAX, 2 * retryMillis);
        }
    }

    private void retry() {
        channel.resetConnectBackoff();
        connect();
    }

    /**
     * Sends what waits for the peer, and then nothing more. The future completes when the peer has taken it all, or if it is away; with
     * {@link #close} there is no need to wait for that.
     */
    CompletableFuture<Void> finish() {
        interest.removeLink(announcer);
        thread.execute(() -> {
            closed = true;
            LinkQueue last = queue;
            queue = null;
            if (stream == null || last == null) {
                finished.complete(null);
                return;
            }
            while (!last.isEmpty()) {
                stream.send(nextFrame(last));
            }
            stream.complete();
        });
        return finished;
    }

    /** The peer is told nothing more, not even what waits for it. */
    @Override
    public void close() {
        interest.removeLink(announcer);
        thread.execute(() -> {
            closed = true;
            queue = null;
            if (stream != null) {
                stream.cancel();
            }
            thread.shutdown();
        });
    }

    /** One attempt. gRPC calls it on its own threads; it hops to the link's. */
    private final class Stream implements ClientResponseObserver<MeshFrame, MeshReply> {
        private @Nullable ClientCallStreamObserver<MeshFrame> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<MeshFrame> started) {
            call = started;
            started.setOnReadyHandler(() -> thread.execute(MeshLink.this::drain));
        }

        boolean isReady() {
            return call != null && call.isReady();
        }

        void send(MeshFrame frame) {
            if (call != null) {
                call.onNext(frame);
            }
        }

        void complete() {
            if (call != null) {
                call.onCompleted();
            }
        }

        void cancel() {
            if (call != null) {
                call.cancel("closed by this node", null);
            }
        }

        @Override
        public void onNext(MeshReply reply) {
            thread.execute(() -> onHello(this));
        }

        @Override
        public void onError(Throwable failure) {
            thread.execute(() -> onEnd(this, String.valueOf(failure.getMessage())));
        }

        @Override
        public void onCompleted() {
            thread.execute(() -> onEnd(this, "closed by the peer"));
        }
    }

    static Subject subject(ByteString bytes) {
        return Subject.ofBytes(bytes.toByteArray());
    }

    static @Nullable Subject subjectOrNull(ByteString bytes) {
        return bytes.isEmpty() ? null : subject(bytes);
    }
}
