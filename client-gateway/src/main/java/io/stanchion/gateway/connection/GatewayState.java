package io.stanchion.gateway.connection;

import io.netty.channel.EventLoop;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.wire.ServerInfo;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** What all connections of one gateway share. Thread-safe. */
public final class GatewayState {
    private final Router router;
    private final BooleanSupplier saturated;
    private final BooleanSupplier interestComplete;
    private final LongSupplier nanoTime;
    private final AtomicReference<ServerInfo> info;
    private volatile Bounds bounds;
    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, Connection> connections = new ConcurrentHashMap<>();
    private final Map<EventLoop, Lane> lanes = new ConcurrentHashMap<>();
    private final GatewayMetrics metrics = new GatewayMetrics(connections::size);
    private final ConnectionDirectory directory = new ConnectionDirectory(connections);

    private record Bounds(ConnectionLimits limits, int connectionsMax, int tracedBytesMax) {}

    /**
     * @param saturated whether those who publish to this node's service must wait
     * @param interestComplete whether the interest of all living nodes is known, so that "nobody is interested" is a fact
     */
    public GatewayState(
            Router router,
            ServerInfo info,
            ConnectionLimits limits,
            int connectionsMax,
            int tracedBytesMax,
            BooleanSupplier saturated,
            BooleanSupplier interestComplete,
            LongSupplier nanoTime) {
        this.router = router;
        this.info = new AtomicReference<>(info);
        this.bounds = new Bounds(limits, connectionsMax, tracedBytesMax);
        this.saturated = saturated;
        this.interestComplete = interestComplete;
        this.nanoTime = nanoTime;
    }

    public ServerInfo info() {
        return Objects.requireNonNull(info.get());
    }

    /** Changes what INFO says, and tells the clients that listen to such news. */
    public void update(UnaryOperator<ServerInfo> change) {
        ServerInfo before = info.getAndUpdate(change);
        if (!info().equals(before)) {
            connections.values().forEach(Connection::onInfoChanged);
        }
    }

    /** Changes what clients may do. Those that are too many now have to go, the last ones first. */
    public void limit(ConnectionLimits limits, int connectionsMax, int tracedBytesMax) {
        bounds = new Bounds(limits, connectionsMax, tracedBytesMax);
        connections.values().stream()
                .sorted(Comparator.comparingLong(Connection::id))
                .skip(connectionsMax)
                .forEach(Connection::closeAsTooMany);
        connections.values().forEach(Connection::onLimitsChanged);
    }

    public int connectionsMax() {
        return bounds.connectionsMax;
    }

    /** Those who had to wait for the service read on. */
    public void resumePublishers() {
        lanes.values().forEach(Lane::resumePublishers);
    }

    public GatewayMetrics metrics() {
        return metrics;
    }

    public ConnectionDirectory directory() {
        return directory;
    }

    public Collection<Connection> connections() {
        return connections.values();
    }

    /** Releases what was handed to event loops that have ended. */
    public void disposeLanes() {
        lanes.values().forEach(Lane::dispose);
    }

    Router router() {
        return router;
    }

    public ConnectionLimits limits() {
        return bounds.limits;
    }

    int tracedBytesMax() {
        return bounds.tracedBytesMax;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    boolean isSaturated() {
        return saturated.getAsBoolean();
    }

    boolean isInterestComplete() {
        return interestComplete.getAsBoolean();
    }

    long newId() {
        return lastId.incrementAndGet();
    }

    /** Called on the event loop itself. */
    Lane laneOf(EventLoop loop) {
        return lanes.computeIfAbsent(loop, l -> new Lane(l, this));
    }

    /** Returns false if there are too many already. */
    boolean tryAdmit(Connection connection) {
        if (connections.size() >= bounds.connectionsMax) {
            return false;
        }
        connections.put(connection.id(), connection);
        return true;
    }

    void onClosed(Connection connection, ConnectionFacts facts) {
        connections.remove(connection.id());
        directory.onClosed(facts);
    }
}
