package io.stanchion.node.peer;

import com.google.protobuf.MessageLite;
import io.stanchion.gateway.core.Peer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one stream to a peer: Interest, RoutedMessage and whole frames, in the order in which they became true. It ends with its stream, so that
 * nothing said on one is repeated on the next. Any thread offers; the link's takes.
 */
final class LinkQueue implements Peer.Path {
    /** Up to this share of its bound a publisher who can wait need not. */
    private static final int ROOMY_SHARE = 8;

    private final Queue<MessageLite> items = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final long bytesMax;
    private volatile boolean overflown;

    LinkQueue(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** False, and for ever from then on, if there is no room: nothing may follow what was left out. */
    boolean offer(MessageLite item) {
        if (overflown) {
            return false;
        }
        if (bytes.addAndGet(item.getSerializedSize()) > bytesMax) {
            overflown = true;
            return false;
        }
        items.add(item);
        return true;
    }

    @Override
    public boolean hasRoom() {
        return bytes() < bytesMax / ROOMY_SHARE;
    }

    boolean isOverflown() {
        return overflown;
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    @Nullable
    MessageLite peek() {
        return items.peek();
    }

    MessageLite take() {
        MessageLite taken = items.remove();
        bytes.addAndGet(-taken.getSerializedSize());
        return taken;
    }

    long bytes() {
        return bytes.get();
    }
}
