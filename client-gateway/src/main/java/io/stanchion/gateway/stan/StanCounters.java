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
    private final LongAdder redeliveriesOut = new LongAdder();
    private final LatencyCounts publishLatency = new LatencyCounts();

    void onPublish(int bytes) {
        messagesIn.increment();
        bytesIn.add(bytes);
    }

    /** Its PubAck goes out now. */
    void onStored(long nanosSinceArrival) {
        publishLatency.add(nanosSinceArrival);
    }

    /** Of those delivered, see {@link #onDelivered}, these were not the first of their kind. */
    public void onRedelivered(int messages) {
        redeliveriesOut.add(messages);
    }

    public void onDelivered(int messages, long bytes) {
        messagesOut.add(messages);
        bytesOut.add(bytes);
    }

    /** From a publish's arrival here to its PubAck. */
    public LatencyCounts publishLatency() {
        return publishLatency;
    }

    public long redeliveriesOut() {
        return redeliveriesOut.sum();
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
