package io.stanchion.node.monitor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.stanchion.gateway.connection.ConnectionLimits;
import io.stanchion.gateway.connection.GatewayMetrics;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.raftsm.model.Totals;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** The pages that NATS tools read; names and types of the fields are those of protocol specification 8 and streaming 9. */
final class JsonPages {
    private static final JsonFactory JSON = new JsonFactory();

    private final NodeFacts facts;
    private final NodeFacts.Address monitor;
    private final NodeView node;
    private final InstantSource clock;

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    JsonPages(NodeFacts facts, NodeFacts.Address monitor, NodeView node, InstantSource clock) {
        this.facts = facts;
        this.monitor = monitor;
        this.node = node;
        this.clock = clock;
    }

    /** Compact, unlike the others. */
    Page health() {
        String reason = node.unfitReason();
        if (reason.isEmpty()) {
            return Page.json(Page.OK, "{\"status\":\"ok\"}");
        }
        return Page.json(Page.UNAVAILABLE, object(false, json -> {
            json.writeStringField("status", "unavailable");
            json.writeStringField("error", reason);
        }));
    }

    Page server() {
        return Page.json(Page.OK, object(true, json -> {
            writeIdentity(json);
            writeLimits(json);
            writeTimes(json, "start");
            writeProcess(json);
            writeTraffic(json);
        }));
    }

    private void writeIdentity(JsonGenerator json) throws IOException {
        json.writeStringField("server_id", facts.names().serverId());
        json.writeStringField("server_name", facts.names().serverName());
        json.writeStringField("version", facts.natsVersion());
        json.writeNumberField("proto", 1);
        json.writeStringField("go", javaVersion());
        json.writeStringField("host", facts.clients().host());
        json.writeNumberField("port", facts.clients().port());
        json.writeArrayFieldStart("connect_urls");
        for (String url : node.clientUrls()) {
            json.writeString(url);
        }
        json.writeEndArray();
        json.writeStringField("http_host", monitor.host());
        json.writeNumberField("http_port", monitor.port());
        json.writeStringField("http_base_path", "");
        json.writeNumberField("https_port", 0);
    }

    private void writeLimits(JsonGenerator json) throws IOException {
        ConnectionLimits limits = facts.limits();
        json.writeNumberField("max_connections", facts.connectionsMax());
        if (limits.subscriptionsMax() > 0) {
            json.writeNumberField("max_subscriptions", limits.subscriptionsMax());
        }
        json.writeNumberField("ping_interval", TimeUnit.MILLISECONDS.toNanos(limits.pingIntervalMillis()));
        json.writeNumberField("ping_max", limits.pingsOutMax());
        json.writeNumberField("max_control_line", limits.controlLineMaxBytes());
        json.writeNumberField("max_payload", limits.payloadMaxBytes());
        json.writeNumberField("max_pending", limits.pendingMaxBytes());
        json.writeNumberField("write_deadline", TimeUnit.MILLISECONDS.toNanos(limits.writeDeadlineMillis()));
    }

    private void writeTimes(JsonGenerator json, String startField) throws IOException {
        Instant now = clock.instant();
        json.writeStringField(startField, facts.start().toString());
        json.writeStringField("now", now.toString());
        json.writeStringField("uptime", Uptime.print(Duration.between(facts.start(), now)));
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
        json.writeNumberField("out_msgs", gateway.outMessages());
        json.writeNumberField("in_bytes", gateway.inBytes());
        json.writeNumberField("out_bytes", gateway.outBytes());
        json.writeNumberField("slow_consumers", gateway.slowConsumers());
        json.writeNumberField("subscriptions", gateway.subscriptions());
    }

    Page streamingServer() {
        return Page.json(Page.OK, object(true, json -> {
            json.writeStringField("cluster_id", facts.names().clusterId());
            json.writeStringField("server_id", facts.names().serverId());
            json.writeStringField("version", facts.version());
            json.writeStringField("go", javaVersion());
            json.writeStringField("state", facts.isClustered() ? "CLUSTERED" : "STANDALONE");
            json.writeStringField("role", node.role());
            json.writeStringField("node_id", facts.names().nodeId());
            writeTimes(json, "start_time");
            writeHoldings(json);
        }));
    }

    private void writeHoldings(JsonGenerator json) throws IOException {
        Totals totals = node.totals();
        StanCounters counters = node.streaming();
        json.writeNumberField("clients", totals.sessions());
        json.writeNumberField("subscriptions", totals.subscriptions());
        json.writeNumberField("channels", totals.channels());
        json.writeNumberField("total_msgs", totals.messages());
        json.writeNumberField("total_bytes", totals.bytes());
        json.writeNumberField("in_msgs", counters.messagesIn());
        json.writeNumberField("in_bytes", counters.bytesIn());
        json.writeNumberField("out_msgs", counters.messagesOut());
        json.writeNumberField("out_bytes", counters.bytesOut());
    }

    /** Tools only show it, under the name that it has for the reference. */
    private static String javaVersion() {
        return "java" + Runtime.version().feature();
    }

    private static String object(boolean indented, Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            if (indented) {
                json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
            }
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("in memory nothing can fail", e);
        }
        return text.toString();
    }
}
