package io.stanchion.gateway.connection;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** What monitoring asks about the gateway. Thread-safe; the numbers of one moment need not fit together. */
public final class GatewayMetrics {
    private final ConcurrentHashMap.KeySetView<Traffic, Boolean> loops = ConcurrentHashMap.newKeySet();
    private final LongSupplier connections;

    GatewayMetrics(LongSupplier connections) {
        this.connections = connections;
    }

    public long connections() {
        return connections.getAsLong();
    }

    /** Accepted since the start. */
    public long connectionsTotal() {
        return sum(loops, traffic -> traffic.connectionsTotal);
    }

    public long subscriptions() {
        return sum(loops, traffic -> traffic.subscriptions);
    }

    public long inMessages() {
        return sum(loops, traffic -> traffic.inMessages);
    }

    public long inBytes() {
        return sum(loops, traffic -> traffic.inBytes);
    }

    public long outMessages() {
        return sum(loops, traffic -> traffic.outMessages);
    }

    public long outBytes() {
        return sum(loops, traffic -> traffic.outBytes);
    }

    /** Made since the start. */
    public long subscriptionsTotal() {
        return sum(loops, traffic -> traffic.subscriptionsTotal);
    }

    public long staleConnections() {
        return sum(loops, traffic -> traffic.staleConnections);
    }

    public long slowConsumers() {
        return sum(loops, traffic -> traffic.slowConsumers);
    }

    void add(Traffic traffic) {
        loops.add(traffic);
    }

    private static long sum(Collection<Traffic> loops, Function<Traffic, Tally> tally) {
        return loops.stream().mapToLong(traffic -> tally.apply(traffic).get()).sum();
    }
}
