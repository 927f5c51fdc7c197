package io.stanchion.node.monitor;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stanchion.gateway.connection.ConnectionLimits;
import io.stanchion.gateway.connection.GatewayMetrics;
import io.stanchion.node.monitor.Query.BadQueryException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The pages about the node as a NATS server, and about its peers; protocol specification 8.1 and 8.3. */
final class ServerPages {
    private static final double AUTH_SECONDS = 2;

    private final NodeFacts facts;
    private final NodeFacts.Address monitor;
    private final NodeView node;
    private final InstantSource clock;
    private final Supplier<Map<String, Long>> requests;

    /** @param requests how often each page was asked for */
    ServerPages(
            NodeFacts facts,
            NodeFacts.Address monitor,
            NodeView node,
            InstantSource clock,
            Supplier<Map<String, Long>> requests) {
        this.facts = facts;
        this.monitor = monitor;
        this.node = node;
        this.clock = clock;
        this.requests = requests;
    }

    /** Compact, unlike the others. What it may ask about JetStream is true of a server without. */
    Page health(Query query) throws BadQueryException {
        for (String flag : List.of("js-enabled-only", "js-enabled", "js-server-only", "js-meta-only", "details")) {
            query.flag(flag);
        }
        if (query.flag("js-enabled-only") || query.flag("js-enabled")) {
            return unwell(Page.UNAVAILABLE, "unavailable", "JetStream not enabled");
        }
        String reason = node.unfitReason();
        if (!reason.isEmpty()) {
            return unwell(Page.UNAVAILABLE, "unavailable", reason);
        }
        String disagreement = node.comparison().disagreement();
        return disagreement.isEmpty()
                ? Page.json(Page.OK, "{\"status\":\"ok\"}")
                : Page.json(Page.OK, Json.compact(json -> {
                    json.writeStringField("status", "ok"); // for this node is as good as any
                    json.writeStringField("warning", disagreement);
                }));
    }

    private static Page unwell(int status, String word, String reason) {
        return Page.json(status, Json.compact(json -> {
            json.writeStringField("status", word);
            json.writeStringField("error", reason);
        }));
    }

    Page server() {
        return Json.page(json -> {
            writeIdentity(json);
            writeLimits(json);
            writeFeatures(json);
            Instant now = clock.instant();
            json.writeStringField("start", facts.start().toString());
            json.writeStringField("now", now.toString());
            json.writeStringField("uptime", Uptime.print(Duration.between(facts.start(), now)));
            writeProcess(json);
            writeTraffic(json);
            writeRequests(json);
        });
    }

    private void writeIdentity(JsonGenerator json) throws IOException {
        json.writeStringField("server_id", facts.names().serverId());
        json.writeStringField("server_name", facts.names().serverName());
        json.writeStringField("version", facts.natsVersion());
        json.writeNumberField("proto", 1);
        json.writeStringField("go", OwnProcess.runtime());
        json.writeStringField("host", facts.clients().host());
        json.writeNumberField("port", facts.clients().port());
        json.writeArrayFieldStart("connect_urls");
        for (String url : node.clientUrls()) {
            json.writeString(url);
        }
        json.writeEndArray();
    }

    private void writeLimits(JsonGenerator json) throws IOException {
        ConnectionLimits limits = node.limits();
        json.writeNumberField("max_connections", node.connectionsMax());
        Json.number(json, "max_subscriptions", limits.subscriptionsMax());
        json.writeNumberField("ping_interval", TimeUnit.MILLISECONDS.toNanos(limits.pingIntervalMillis()));
        json.writeNumberField("ping_max", limits.pingsOutMax());
        json.writeStringField("http_host", monitor.host());
        json.writeNumberField("http_port", monitor.port());
        json.writeStringField("http_base_path", "");
        json.writeNumberField("https_port", 0);
        json.writeNumberField("auth_timeout", AUTH_SECONDS);
        json.writeNumberField("max_control_line", limits.controlLineMaxBytes());
        json.writeNumberField("max_payload", limits.payloadMaxBytes());
        json.writeNumberField("max_pending", limits.pendingMaxBytes());
    }

    private void writeFeatures(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("cluster");
        if (facts.isClustered()) {
            json.writeStringField("name", facts.names().clusterId());
            json.writeArrayFieldStart("urls");
            for (PeerFacts peer : node.peers()) {
                json.writeString(new NodeFacts.Address(peer.host(), peer.port()).toString());
            }
            json.writeEndArray();
        }
        json.writeEndObject();
        for (String absent : List.of("gateway", "leaf", "mqtt", "websocket", "jetstream")) {
            Json.emptyObject(json, absent);
        }
        json.writeNumberField("tls_timeout", AUTH_SECONDS);
        json.writeNumberField(
                "write_deadline", TimeUnit.MILLISECONDS.toNanos(node.limits().writeDeadlineMillis()));
    }

    private static void writeProcess(JsonGenerator json) throws IOException {
        json.writeNumberField("mem", OwnProcess.residentBytes());
        json.writeNumberField("cores", Runtime.getRuntime().availableProcessors());
        json.writeNumberField("gomaxprocs", Runtime.getRuntime().availableProcessors());
        json.writeNumberField("cpu", OwnProcess.cpuPercent());
    }

    private void writeTraffic(JsonGenerator json) throws IOException {
        GatewayMetrics gateway = node.gateway();
        json.writeNumberField("connections", gateway.connections());
        json.writeNumberField("total_connections", gateway.connectionsTotal());
        json.writeNumberField("routes", node.connectedPeers());
        json.writeNumberField("remotes", node.connectedPeers());
        json.writeNumberField("leafnodes", 0);
        json.writeNumberField("in_msgs", gateway.inMessages());
        json.writeNumberField("in_bytes", gateway.inBytes());
        json.writeNumberField("in_client_msgs", gateway.inMessages());
        json.writeNumberField("in_client_bytes", gateway.inBytes());
        json.writeNumberField("out_msgs", gateway.outMessages());
        json.writeNumberField("out_bytes", gateway.outBytes());
        json.writeNumberField("out_client_msgs", gateway.outMessages());
        json.writeNumberField("out_client_bytes", gateway.outBytes());
        json.writeNumberField("slow_consumers", gateway.slowConsumers());
        json.writeNumberField("stale_connections", gateway.staleConnections());
        json.writeNumberField("stalled_clients", 0);
        json.writeNumberField("subscriptions", gateway.subscriptions());
    }

    private void writeRequests(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("http_req_stats");
        for (Map.Entry<String, Long> page : requests.get().entrySet()) {
            json.writeNumberField(page.getKey(), page.getValue());
        }
        json.writeEndObject();
        json.writeStringField("config_load_time", facts.start().toString());
        writeKinds(json, "slow_consumer_stats", node.gateway().slowConsumers());
        writeKinds(json, "stale_connection_stats", node.gateway().staleConnections());
    }

    private static void writeKinds(JsonGenerator json, String name, long clients) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("clients", clients);
        json.writeNumberField("routes", 0);
        json.writeNumberField("gateways", 0);
        json.writeNumberField("leafs", 0);
        json.writeEndObject();
    }

    /** The links to the other nodes take the place of routes. */
    Page routes() {
        List<PeerFacts> connected =
                node.peers().stream().filter(PeerFacts::isConnected).toList();
        return Json.page(json -> {
            json.writeStringField("server_id", facts.names().serverId());
            json.writeStringField("server_name", facts.names().serverName());
            json.writeStringField("now", clock.instant().toString());
            json.writeNumberField("num_routes", connected.size());
            json.writeArrayFieldStart("routes");
            long number = 0;
            for (PeerFacts peer : connected) {
                json.writeStartObject();
                json.writeNumberField("rid", ++number);
                json.writeStringField("remote_id", peer.nodeId());
                json.writeStringField("remote_name", peer.nodeId());
                json.writeBooleanField("did_solicit", true);
                json.writeBooleanField("is_configured", true);
                json.writeStringField("ip", peer.host());
                json.writeNumberField("port", peer.port());
                json.writeNumberField("pending_size", peer.pendingBytes());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    Page gateways() {
        return Json.page(json -> {
            writeNow(json);
            Json.emptyObject(json, "outbound_gateways");
            Json.emptyObject(json, "inbound_gateways");
        });
    }

    Page leafs() {
        return Json.page(json -> {
            writeNow(json);
            json.writeNumberField("leafnodes", 0);
            Json.emptyArray(json, "leafs");
        });
    }

    /** All clients belong to the one global account. */
    Page accounts() {
        return Json.page(json -> {
            writeNow(json);
            json.writeStringField("system_account", "$SYS");
            json.writeArrayFieldStart("accounts");
            json.writeString("$G");
            json.writeString("$SYS");
            json.writeEndArray();
        });
    }

    Page jetStream() {
        return Json.page(json -> {
            for (String zero :
                    List.of("memory", "storage", "reserved_memory", "reserved_storage", "accounts", "ha_assets")) {
                json.writeNumberField(zero, 0);
            }
            json.writeObjectFieldStart("api");
            json.writeNumberField("level", 0);
            json.writeNumberField("total", 0);
            json.writeNumberField("errors", 0);
            json.writeEndObject();
            writeNow(json);
            json.writeBooleanField("disabled", true);
            Json.emptyObject(json, "config");
            for (String zero : List.of("streams", "consumers", "messages", "bytes", "total")) {
                json.writeNumberField(zero, 0);
            }
        });
    }

    private void writeNow(JsonGenerator json) throws IOException {
        json.writeStringField("server_id", facts.names().serverId());
        json.writeStringField("now", clock.instant().toString());
    }
}
