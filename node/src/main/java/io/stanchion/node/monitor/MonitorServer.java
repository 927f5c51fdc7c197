package io.stanchion.node.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.stanchion.gateway.net.BindFailedException;
import io.stanchion.node.monitor.Query.BadQueryException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers on the monitoring port. It asks the node and never changes it, so it may run before the node is ready and longer than it. */
public final class MonitorServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MonitorServer.class);

    /** A request that is not finished keeps its thread; this many clients may dawdle before anybody has to wait. */
    private static final int THREADS = 128;

    private static final int WAITING_MAX = 256;
    private static final String INDEX = """
            <html lang="en"><head><title>Stanchion</title></head><body>
            <a href="/varz">General</a><br>
            <a href="/connz">Connections</a><br>
            <a href="/routez">Routes</a><br>
            <a href="/subsz">Subscriptions</a><br>
            <a href="/healthz">Health</a><br>
            <a href="/streaming">Streaming</a><br>
            <a href="/metrics">Metrics</a><br>
            </body></html>
            """;

    static {
        // A thread is bound to each request from its first byte to the last of the answer; without these, for ever. In
        // seconds.
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
    }

    private final HttpServer http;
    private final ThreadPoolExecutor threads;
    private final ServerPages server;
    private final ConnectionPages clients;
    private final StreamingPages streaming;
    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final NodeView node;
    private volatile @Nullable MetricsPage metrics;

    /** @throws IOException naming the address, if it cannot be listened on */
    public static MonitorServer start(NodeFacts.Address address, NodeFacts facts, NodeView node, InstantSource clock)
            throws IOException {
        MonitorServer started = new MonitorServer(address, facts, node, clock);
        started.http.start();
        log.info("Starting http monitor on {}", new NodeFacts.Address(address.host(), started.port()));
        return started;
    }

    private MonitorServer(NodeFacts.Address address, NodeFacts facts, NodeView node, InstantSource clock)
            throws IOException {
        this.node = node;
        this.http = bind(address);
        NodeFacts.Address here = new NodeFacts.Address(address.host(), port());
        this.server = new ServerPages(facts, here, node, clock, this::requests);
        this.clients = new ConnectionPages(facts, node, clock);
        this.streaming = new StreamingPages(facts, node, clock);
        AtomicInteger numbers = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), task -> {
                    Thread thread = new Thread(task, "monitor-" + numbers.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        http.setExecutor(threads);
        http.createContext("/", this::answer);
    }

    private static HttpServer bind(NodeFacts.Address address) throws IOException {
        int port = Math.max(0, address.port());
        try {
            return HttpServer.create(new InetSocketAddress(address.host(), port), 0);
        } catch (IOException | UnresolvedAddressException e) {
            throw new BindFailedException("monitoring", address.host(), port, "http", "http_port", e);
        }
    }

    /** The port that is really listened on. */
    public int port() {
        return http.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Page page = pageFor(exchange);
            exchange.getResponseHeaders().set("Content-Type", page.contentType());
            exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
            byte[] bytes = page.body().getBytes(StandardCharsets.UTF_8);
            boolean bodyless = exchange.getRequestMethod().equals("HEAD") || bytes.length == 0;
            exchange.sendResponseHeaders(page.status(), bodyless ? -1 : bytes.length);
            if (!bodyless) {
                try (OutputStream body = exchange.getResponseBody()) {
                    body.write(bytes);
                }
            }
        } catch (RuntimeException e) {
            log.warn("monitoring request failed path={}", exchange.getRequestURI(), e);
        }
    }

    private Page pageFor(HttpExchange exchange) {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Page.text(Page.METHOD_NOT_ALLOWED, "text/plain", "only GET is understood\n");
        }
        String path = exchange.getRequestURI().getPath();
        Query query = new Query(exchange.getRequestURI().getRawQuery());
        Page page;
        try {
            page = pageFor(path, query);
        } catch (BadQueryException e) {
            page = Page.text(Page.BAD_REQUEST, "text/plain", e.reason());
        }
        if (page.status() != Page.NOT_FOUND) {
            requests.computeIfAbsent(path, unused -> new LongAdder()).increment();
        }
        return page.isJson() && !query.text("callback").isEmpty() ? page.calling(query.text("callback")) : page;
    }

    private Page pageFor(String path, Query query) throws BadQueryException {
        return switch (path) {
            case "/" -> Page.text(Page.OK, "text/html", INDEX);
            case "/healthz" -> server.health(query);
            case "/varz" -> server.server();
            case "/connz" -> clients.connections(query);
            case "/routez" -> server.routes();
            case "/subsz", "/subscriptionsz" -> clients.subscriptions(query);
            case "/gatewayz" -> server.gateways();
            case "/leafz" -> server.leafs();
            case "/accountz" -> server.accounts();
            case "/jsz" -> server.jetStream();
            case "/streaming", "/streaming/" -> streaming.index();
            case "/streaming/serverz" -> streaming.server();
            case "/streaming/storez" -> streaming.store();
            case "/streaming/clientsz" -> streaming.clients(query);
            case "/streaming/channelsz" -> streaming.channels(query);
            case "/streaming/isFTActive" -> streaming.faultTolerance();
            case "/metrics" -> metrics().render();
            default -> Page.text(Page.NOT_FOUND, "text/plain", "404 page not found\n");
        };
    }

    private Map<String, Long> requests() {
        Map<String, Long> counts = new TreeMap<>();
        requests.forEach((path, count) -> counts.put(path, count.sum()));
        return counts;
    }

    /** Two requests at once may build it twice, which does no harm. */
    private MetricsPage metrics() {
        MetricsPage present = metrics;
        if (present == null) {
            present = new MetricsPage(node);
            metrics = present;
        }
        return present;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
