package io.stanchion.gateway.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.stanchion.gateway.connection.CloseReason;
import io.stanchion.gateway.connection.Connection;
import io.stanchion.gateway.connection.ConnectionDirectory;
import io.stanchion.gateway.connection.ConnectionLimits;
import io.stanchion.gateway.connection.GatewayMetrics;
import io.stanchion.gateway.connection.GatewayState;
import io.stanchion.gateway.connection.NatsSocket;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.wire.ServerInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The NATS server: listens, and gives each client that comes a connection on one of its event loops. Thread-safe.
 *
 * <p>Start it when the node can serve: clients give up on a server that accepts and then stays silent.
 */
public final class GatewayServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GatewayServer.class);
    private static final int BACKLOG = 4096;
    private static final int READ_MIN_BYTES = 512;
    private static final int READ_INITIAL_BYTES = 2048;
    private static final int READ_MAX_BYTES = 64 << 10;
    private static final long FLUSH_ON_CLOSE_MILLIS = 2000;

    private final EventLoopGroup loops;
    private final @Nullable Channel listener;
    private final ChannelGroup sockets;
    private final GatewayState state;
    private volatile List<String> ownUrls;

    private GatewayServer(
            EventLoopGroup loops,
            @Nullable Channel listener,
            ChannelGroup sockets,
            GatewayState state,
            List<String> ownUrls) {
        this.loops = loops;
        this.listener = listener;
        this.sockets = sockets;
        this.state = state;
        this.ownUrls = ownUrls;
    }

    /**
     * Listens.
     *
     * @param saturated asked after each publish to this node's service; while it says yes, its clients are not read. See
     *     {@link #resumePublishers}
     * @param interestComplete whether "nobody is interested" is a fact, and not a matter of a node that has not told its interest yet
     * @throws BindFailedException if the address is taken or is not ours
     */
    public static GatewayServer start(
            GatewayConfig config, Router router, BooleanSupplier saturated, BooleanSupplier interestComplete)
            throws IOException {
        Transport transport = Transport.best();
        int threads =
                config.threads() > 0 ? config.threads() : Runtime.getRuntime().availableProcessors();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("nats-io", true), transport.newIoHandlers());
        GatewayState state = new GatewayState(
                router,
                infoOf(config, Math.max(0, config.port())),
                config.limits(),
                config.connectionsMax(),
                config.tracedBytesMax(),
                saturated,
                interestComplete,
                System::nanoTime);
        ChannelGroup sockets = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        try {
            tellName(state.info());
            Channel listener = bind(config, transport, loops, sockets, state);
            int port = ((InetSocketAddress) listener.localAddress()).getPort();
            state.update(info -> infoOf(config, port, info.serverId()));
            listener.config().setAutoRead(true);
            log.info("Listening for client connections on {}", ClientUrls.url(config.host(), port));
            return new GatewayServer(loops, listener, sockets, state, ClientUrls.of(config, port));
        } catch (IOException | RuntimeException e) {
            var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    private static void tellName(ServerInfo info) {
        log.info("Starting nats-server");
        log.info("  Version:  {}", info.version());
        log.info("  Name:     {}", info.serverName());
        log.info("  ID:       {}", info.serverId());
    }

    /** One that listens to nobody: the clients of this node are at a NATS server elsewhere. */
    public static GatewayServer withoutClients(GatewayConfig config, Router router) {
        GatewayState state = new GatewayState(
                router,
                infoOf(config, 0),
                config.limits(),
                config.connectionsMax(),
                0,
                () -> false,
                () -> true,
                System::nanoTime);
        EventLoopGroup none =
                new MultiThreadIoEventLoopGroup(1, Transport.best().newIoHandlers());
        return new GatewayServer(none, null, new DefaultChannelGroup(GlobalEventExecutor.INSTANCE), state, List.of());
    }

    /** The port that is really listened on; 0 if there is none. */
    public int port() {
        Channel listening = listener;
        return listening == null ? 0 : ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /**
     * Puts in force what may change while clients are here: their limits, and where they are told that this server is. New limits of what
     * waits for a client, and for how long, are for those that come from now on.
     */
    public void reconfigure(GatewayConfig changed) throws IOException {
        state.limit(changed.limits(), changed.connectionsMax(), changed.tracedBytesMax());
        if (listener == null || state.info().lameDuck()) {
            return; // nobody is told of this node any more
        }
        List<String> before = ownUrls;
        ownUrls = ClientUrls.of(changed, port());
        List<String> others = state.info().connectUrls().stream()
                .filter(url -> !before.contains(url))
                .toList();
        int port = port();
        state.update(info ->
                info.lameDuck() ? info : infoOf(changed, port, info.serverId()).withConnectUrls(withOwn(others)));
    }

    /** Every {@code host:port} under which a listener of this machine is reached, from the machine itself too. */
    public static List<String> urlsOf(String host, int port) throws IOException {
        return ClientUrls.ofListener(host, port);
    }

    public ConnectionLimits limits() {
        return state.limits();
    }

    public int connectionsMax() {
        return state.connectionsMax();
    }

    /** Under which clients reach this node: {@code host:port}. */
    public List<String> ownUrls() {
        return ownUrls;
    }

    /** Those, and the ones of the other living nodes. */
    public List<String> allUrls() {
        List<String> known = state.info().connectUrls();
        return known.isEmpty() ? ownUrls : known;
    }

    /** Where clients of this node can go: {@code host:port} of the other living nodes. */
    public List<String> othersUrls() {
        return state.info().connectUrls().stream()
                .filter(url -> !ownUrls.contains(url))
                .toList();
    }

    public String serverName() {
        return state.info().serverName();
    }

    public String serverId() {
        return state.info().serverId();
    }

    public GatewayMetrics metrics() {
        return state.metrics();
    }

    public ConnectionDirectory connections() {
        return state.directory();
    }

    /** Sets the client URLs of the other living nodes; clients that want such news are told at once. Empty while there are none. */
    public void advertise(List<String> urlsOfOthers) {
        state.update(info -> info.withConnectUrls(info.lameDuck() ? urlsOfOthers : withOwn(urlsOfOthers)));
    }

    private List<String> withOwn(List<String> urlsOfOthers) {
        Set<String> urls = new LinkedHashSet<>();
        if (!urlsOfOthers.isEmpty()) {
            urls.addAll(ownUrls);
            urls.addAll(urlsOfOthers);
        }
        return List.copyOf(urls);
    }

    /**
     * Takes no more clients, and tells those that are here to look elsewhere, as far as their libraries understand it. Nothing else changes
     * for them before {@link #letGo}.
     */
    public void becomeLameDuck() {
        Channel listening = listener;
        if (listening != null) {
            listening.close().awaitUninterruptibly();
        }
        state.update(info -> info.withConnectUrls(othersUrls()).asLameDuck());
    }

    /**
     * Parts with all clients, one after the other: each gets what waits for it and then the end of the stream, and is read until it ends
     * the connection itself, so that nothing of what it has sent is lost. Blocks until the last has been told.
     *
     * @param pace called between two of them, to wait
     */
    public void letGo(Pace pace) throws InterruptedException {
        List<Connection> leaving = new ArrayList<>(state.connections());
        for (int told = 0; told < leaving.size(); told++) {
            if (told > 0) {
                pace.await(leaving.size() - told);
            }
            leaving.get(told).letGo();
        }
        state.connections().forEach(Connection::letGo); // who was accepted at the last moment
    }

    /** Spreads the partings over time, so that the clients do not all come to the other nodes at once. */
    @FunctionalInterface
    public interface Pace {
        /** @param left connections that have not been told yet */
        void await(int left) throws InterruptedException;
    }

    /** The service has room again: clients that had to wait for it are read on. */
    public void resumePublishers() {
        state.resumePublishers();
    }

    /** Stops listening, writes what waits for the clients, and closes. Blocks until that is done, but not for long. */
    @Override
    public void close() {
        Channel listening = listener;
        if (listening != null) {
            listening.close().awaitUninterruptibly();
        }
        state.connections().forEach(connection -> connection.closeFromServer(CloseReason.SERVER_SHUTDOWN));
        // Loops that shut down drop what is not written, so the sockets go first.
        sockets.newCloseFuture().awaitUninterruptibly(FLUSH_ON_CLOSE_MILLIS);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        state.disposeLanes();
    }

    /** Accepts nobody yet: the first INFO must show the port, which is known only after this. */
    private static Channel bind(
            GatewayConfig config, Transport transport, EventLoopGroup loops, ChannelGroup sockets, GatewayState state)
            throws BindFailedException {
        int port = Math.max(0, config.port());
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverSocket())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(READ_MIN_BYTES, READ_INITIAL_BYTES, READ_MAX_BYTES))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel socket) {
                        sockets.add(socket);
                        socket.pipeline().addLast(new NatsSocket(state));
                    }
                })
                .bind(new InetSocketAddress(config.host(), port))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new BindFailedException("clients", config.host(), port, "host", "port", bound.cause());
        }
        return bound.channel();
    }

    private static ServerInfo infoOf(GatewayConfig config, int port) {
        return infoOf(config, port, ServerId.random());
    }

    private static ServerInfo infoOf(GatewayConfig config, int port, String serverId) {
        String advertised = config.clientAdvertise();
        return new ServerInfo(
                serverId,
                config.serverName().isEmpty() ? serverId : config.serverName(),
                config.version(),
                advertised.isEmpty() ? config.host() : ClientUrls.hostOf(advertised),
                advertised.isEmpty() ? port : ClientUrls.portOf(advertised, port),
                config.limits().payloadMaxBytes(),
                config.clusterName(),
                List.of(),
                false);
    }
}
