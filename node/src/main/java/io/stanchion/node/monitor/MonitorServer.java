package io.stanchion.node.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.stanchion.gateway.net.BindFailedException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers on the monitoring port. It asks the node and never changes it, so it may run before the node is ready and longer than it. */
public final class MonitorServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MonitorServer.class);
    private static final int THREADS = 16;
    private static final int WAITING_MAX = 256;
    private static final String INDEX = """
            <html><head><title>Stanchion</title></head><body>
            <a href="/healthz">healthz</a><br>
            <a href="/varz">varz</a><br>
            <a href="/streaming/serverz">streaming/serverz</a><br>
            <a href="/metrics">metrics</a><br>
            </body></html>
            """;

    static {
        // A thread is bound to each request from its first byte to the last of the answer; without these, for ever. In
        // seconds.
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
    }

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final JsonPages pages;
    private final NodeView node;
    private volatile @Nullable MetricsPage metrics;

    /** @throws IOException naming the address, if it cannot be listened on */
    public static MonitorServer start(NodeFacts.Address address, NodeFacts facts, NodeView node, InstantSource clock)
            throws IOException {
        MonitorServer started = new MonitorServer(address, facts, node, clock);
        started.server.start();
        log.info("Starting http monitor on {}", new NodeFacts.Address(address.host(), started.port()));
        return started;
    }

    private MonitorServer(NodeFacts.Address address, NodeFacts facts, NodeView node, InstantSource clock)
            throws IOException {
        this.node = node;
        this.server = bind(address);
        this.pages = new JsonPages(facts, new NodeFacts.Address(address.host(), port()), node, clock);
        AtomicInteger numbers = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), task -> {
                    Thread thread = new Thread(task, "monitor-" + numbers.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
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
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Page page = pageFor(exchange);
            exchange.getResponseHeaders().set("Content-Type", page.contentType());
            exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
            byte[] bytes = page.body().getBytes(StandardCharsets.UTF_8);
            boolean bodyless = exchange.getRequestMethod().equals("HEAD");
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
        return switch (exchange.getRequestURI().getPath()) {
            case "/" -> Page.text(Page.OK, "text/html", INDEX);
            case "/healthz" -> pages.health();
            case "/varz" -> pages.server();
            case "/streaming/serverz" -> pages.streamingServer();
            case "/metrics" -> metrics().render();
            default -> Page.text(Page.NOT_FOUND, "text/plain", "404 page not found\n");
        };
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
        server.stop(0);
        threads.shutdownNow();
    }
}
