package io.stanchion.gateway.stan;

import java.util.concurrent.atomic.LongAdder;

/**
 * Messages published to this node and delivered by it, with the bytes of their PubMsg and MsgProto. A rejected publish counts; so does
 * a redelivery. Thread-safe.
 */
public final class StanCounters {
    private final LongAdder messagesIn = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder messagesOut = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();

    void onPublish(int bytes) {
        messagesIn.increment();
        bytesIn.add(bytes);
    }

    public void onDelivered(int messages, long bytes) {
        messagesOut.add(messages);
        bytesOut.add(bytes);
    }

    public long messagesIn() {
        return messagesIn.sum();
    }

    public long bytesIn() {
        return bytesIn.sum();
    }

    public long messagesOut() {
        return messagesOut.sum();
    }

    public long bytesOut() {
        return bytesOut.sum();
    }
}
