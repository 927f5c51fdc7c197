package io.stanchion.gateway.stan;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Subject;
import org.jspecify.annotations.Nullable;

/** Sends responses. A request without a reply subject is served like any other, and gets none. Thread-safe. */
final class Replies {
    private final MessageBus bus;

    Replies(MessageBus bus) {
        this.bus = bus;
    }

    void send(@Nullable Subject to, MessageLite response) {
        if (to != null) {
            send(to, response.toByteArray());
        }
    }

    void send(Subject to, byte[] payload) {
        ByteBuf content = Unpooled.wrappedBuffer(payload);
        bus.publish(new Message(to, null, 0, content));
        content.release();
    }
}
