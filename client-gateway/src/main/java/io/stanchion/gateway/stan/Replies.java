package io.stanchion.gateway.stan;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Timers;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends responses. A request without a reply subject is served like any other, and gets none. A response that finds nobody waits for a
 * while, see {@link HeldReplies}. Thread-safe.
 */
final class Replies {
    private final MessageBus bus;
    private final HeldReplies held;

    Replies(MessageBus bus, Timers timers, LongSupplier nanoTime) {
        this.bus = bus;
        this.held = new HeldReplies(bus, timers, nanoTime);
    }

    void send(@Nullable Subject to, MessageLite response) {
        if (to != null) {
            send(to, response.toByteArray());
        }
    }

    void send(Subject to, byte[] payload) {
        ByteBuf content = Unpooled.wrappedBuffer(payload);
        if (!bus.publish(new Message(to, null, 0, content))) {
            held.hold(to, payload);
        }
        content.release();
    }

    /** Whether every response has been sent, or given up. */
    boolean areSent() {
        return held.isEmpty();
    }
}
