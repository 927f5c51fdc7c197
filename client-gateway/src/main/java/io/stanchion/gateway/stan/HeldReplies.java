package io.stanchion.gateway.stan;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Timers;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Responses whose requester is between two connections. A client library keeps its inbox when it reconnects, to this node or another, and
 * waits for the answer to what it had sent before; so what finds nobody now waits here until somebody listens on that inbox again.
 *
 * <p>Bounded: what has waited for {@link #PATIENCE_MILLIS} is dropped, and what finds no room is dropped at once, which is logged once until
 * nothing waits any more. Thread-safe.
 */
final class HeldReplies {
    static final long PATIENCE_MILLIS = 10_000;
    static final int INBOXES_MAX = 8_192; // each is looked for every 20 ms
    static final long BYTES_MAX = 8L << 20;

    /** A generous guess at what a response needs in memory besides its bytes. */
    private static final int OVERHEAD_BYTES = 100;

    private static final Logger log = LoggerFactory.getLogger(HeldReplies.class);
    private static final long LOOK_MILLIS = 20;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final MessageBus bus;
    private final Timers timers;
    private final LongSupplier nanoTime;
    private final Lock lock = new ReentrantLock();

    // Under the lock
    private final Map<Subject, Inbox> inboxes = new LinkedHashMap<>();
    private long bytes;
    private boolean lookScheduled;
    private boolean isDropTold;

    private volatile boolean empty = true;

    /** What waits for one listener. */
    private static final class Inbox {
        final Queue<byte[]> payloads = new ArrayDeque<>();
        final long sinceNanos;

        Inbox(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    HeldReplies(MessageBus bus, Timers timers, LongSupplier nanoTime) {
        this.bus = bus;
        this.timers = timers;
        this.nanoTime = nanoTime;
    }

    void hold(Subject to, byte[] payload) {
        lock.lock();
        try {
            int size = payload.length + OVERHEAD_BYTES;
            boolean hasPlace = inboxes.containsKey(to) || inboxes.size() < INBOXES_MAX;
            if (!hasPlace || bytes + size > BYTES_MAX) {
                tellDrop();
                return;
            }
            inboxes.computeIfAbsent(to, inbox -> new Inbox(nanoTime.getAsLong()))
                    .payloads
                    .add(payload);
            bytes += size;
            empty = false;
            scheduleLook();
        } finally {
            lock.unlock();
        }
    }

    private void tellDrop() {
        if (!isDropTold) {
            isDropTold = true;
            log.warn(
                    "responses are dropped: too many wait for clients that are between two connections inboxes={} bytes={}",
                    inboxes.size(),
                    bytes);
        }
    }

    boolean isEmpty() {
        return empty;
    }

    private void scheduleLook() {
        if (!lookScheduled) {
            lookScheduled = true;
            timers.schedule(LOOK_MILLIS, this::look);
        }
    }

    private void look() {
        lock.lock();
        try {
            lookScheduled = false;
            long now = nanoTime.getAsLong();
            Iterator<Map.Entry<Subject, Inbox>> entries = inboxes.entrySet().iterator();
            while (entries.hasNext()) {
                Map.Entry<Subject, Inbox> entry = entries.next();
                boolean isThere = bus.whereabouts(entry.getKey()) != null;
                if (isThere) {
                    entry.getValue().payloads.forEach(payload -> send(entry.getKey(), payload));
                }
                if (isThere || now - entry.getValue().sinceNanos >= PATIENCE_MILLIS * NANOS_PER_MILLI) {
                    entry.getValue().payloads.forEach(payload -> bytes -= payload.length + OVERHEAD_BYTES);
                    entries.remove();
                }
            }
            if (inboxes.isEmpty()) {
                empty = true;
                isDropTold = false;
            } else {
                scheduleLook();
            }
        } finally {
            lock.unlock();
        }
    }

    private void send(Subject to, byte[] payload) {
        ByteBuf content = Unpooled.wrappedBuffer(payload);
        bus.publish(new Message(to, null, 0, content));
        content.release();
    }
}
