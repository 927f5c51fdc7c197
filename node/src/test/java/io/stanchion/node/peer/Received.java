package io.stanchion.node.peer;

import io.stanchion.gateway.core.Interest;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Subscriber;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A subscriber that writes down the text of what it gets. */
final class Received implements Subscriber {
    private final Queue<String> texts = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    volatile Interest interest;

    @Override
    public boolean deliver(Message message) {
        texts.add(message.content().toString(StandardCharsets.UTF_8));
        count.incrementAndGet();
        return true;
    }

    /** Those that were received, in order. */
    List<String> texts() {
        return List.copyOf(texts);
    }

    int count() {
        return count.get();
    }
}
