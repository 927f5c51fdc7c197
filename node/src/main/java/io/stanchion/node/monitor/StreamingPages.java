package io.stanchion.node.monitor;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.raftsm.model.ChannelFacts;
import io.stanchion.raftsm.model.ChannelLimits;
import io.stanchion.raftsm.model.Listing;
import io.stanchion.raftsm.model.ReplicaView;
import io.stanchion.raftsm.model.SessionFacts;
import io.stanchion.raftsm.model.Settings;
import io.stanchion.raftsm.model.SubscriptionFacts;
import io.stanchion.raftsm.model.Totals;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The pages below {@code /streaming}; names, order and omissions of the fields are those of streaming specification 9. */
final class StreamingPages {
    private static final String INDEX = """
            <html lang="en">
              <head>
                <title>Stanchion</title>
              </head>
              <body>
                <a href="/streaming/serverz">server</a><br/>
                <a href="/streaming/storez">store</a><br/>
                <a href="/streaming/clientsz">clients</a><br/>
                <a href="/streaming/channelsz">channels</a><br/>
              </body>
            </html>
            """;

    private final NodeFacts facts;
    private final NodeView node;
    private final InstantSource clock;

    /** Pages with all subscriptions may be large: one at a time has to fit into memory. */
    private final Lock detailed = new ReentrantLock(true);

    StreamingPages(NodeFacts facts, NodeView node, InstantSource clock) {
        this.facts = facts;
        this.node = node;
        this.clock = clock;
    }

    Page index() {
        return Page.text(Page.OK, "text/html", INDEX);
    }

    /** There is no fault tolerance mode, so nobody is active in it. */
    Page faultTolerance() {
        return new Page(Page.NO_CONTENT, "text/plain; charset=utf-8", "");
    }

    Page server() {
        return Json.page(json -> {
            json.writeStringField("cluster_id", facts.names().clusterId());
            json.writeStringField("server_id", facts.names().streamingId());
            json.writeStringField("version", facts.version());
            json.writeStringField("go", OwnProcess.runtime());
            json.writeStringField("state", facts.isClustered() ? "CLUSTERED" : "STANDALONE");
            if (facts.isClustered()) {
                json.writeStringField("role", node.role());
                json.writeStringField("node_id", facts.names().nodeId());
                writeComparison(json);
            }
            Instant now = clock.instant();
            json.writeStringField("now", now.toString());
            json.writeStringField("start_time", facts.start().toString());
            json.writeStringField("uptime", Uptime.print(Duration.between(facts.start(), now)));
            writeHoldings(json);
            Json.number(json, "open_fds", OwnProcess.openFiles());
            Json.number(json, "max_fds", OwnProcess.openFilesMax());
        });
    }

    private void writeComparison(JsonGenerator json) throws IOException {
        ComparisonFacts comparison = node.comparison();
        json.writeObjectFieldStart("replicas");
        json.writeNumberField("equal_index", comparison.equalIndex());
        json.writeStringField("digest", comparison.digest());
        json.writeNumberField("mismatches", comparison.mismatches());
        if (!comparison.disagreement().isEmpty()) {
            json.writeStringField("disagreement", comparison.disagreement());
        }
        json.writeEndObject();
    }

    private void writeHoldings(JsonGenerator json) throws IOException {
        Totals totals = node.replica().totals();
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

    Page store() {
        Totals totals = node.replica().totals();
        Settings limits = node.replica().settings();
        return Json.page(json -> {
            writeHead(json);
            json.writeStringField("type", facts.storeType());
            json.writeObjectFieldStart("limits");
            json.writeNumberField("max_channels", limits.maxChannels());
            write(json, limits.common());
            if (!limits.special().isEmpty()) {
                json.writeObjectFieldStart("channels");
                Map<String, ChannelLimits> byName = new TreeMap<>();
                limits.special().forEach((pattern, special) -> byName.put(pattern.text(), special));
                for (Map.Entry<String, ChannelLimits> special : byName.entrySet()) {
                    json.writeObjectFieldStart(special.getKey());
                    write(json, special.getValue());
                    json.writeEndObject();
                }
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeNumberField("total_msgs", totals.messages());
            json.writeNumberField("total_bytes", totals.bytes());
        });
    }

    private static void write(JsonGenerator json, ChannelLimits limits) throws IOException {
        json.writeNumberField("max_msgs", limits.maxMessages());
        json.writeNumberField("max_bytes", limits.maxBytes());
        json.writeNumberField("max_age", limits.maxAgeNanos());
        json.writeNumberField("max_subscriptions", limits.maxSubscriptions());
        json.writeNumberField("max_inactivity", limits.maxInactivityNanos());
    }

    Page clients(Query query) {
        boolean withSubscriptions = query.lenientNumber("subs") == 1;
        String wanted = query.text("client");
        return withSubscriptions ? oneAtATime(() -> clients(query, wanted, true)) : clients(query, wanted, false);
    }

    private Page clients(Query query, String wanted, boolean withSubscriptions) {
        ReplicaView replica = node.replica();
        if (!wanted.isEmpty()) {
            SessionFacts session = replica.session(wanted);
            return session == null
                    ? notFound("Client " + wanted)
                    : Json.page(json -> writeClient(json, session, withSubscriptions));
        }
        Listing<SessionFacts> sessions = replica.sessions(query.lenientOffset(), query.lenientLimit());
        return Json.page(json -> {
            writeHead(json);
            writeRange(json, query, sessions);
            json.writeArrayFieldStart("clients");
            for (SessionFacts session : sessions.items()) {
                json.writeStartObject();
                writeClient(json, session, withSubscriptions);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private void writeClient(JsonGenerator json, SessionFacts session, boolean withSubscriptions) throws IOException {
        json.writeStringField("id", session.clientId());
        json.writeStringField("hb_inbox", session.heartbeatInbox());
        json.writeNumberField("subs_count", session.subscriptions());
        Map<String, List<SubscriptionFacts>> byChannel = new TreeMap<>();
        if (withSubscriptions) {
            for (SubscriptionFacts each : node.replica().subscriptionsOf(session.clientId())) {
                byChannel
                        .computeIfAbsent(each.channel(), channel -> new ArrayList<>())
                        .add(each);
            }
        }
        if (!byChannel.isEmpty()) {
            json.writeObjectFieldStart("subscriptions");
            for (Map.Entry<String, List<SubscriptionFacts>> entry : byChannel.entrySet()) {
                writeSubscriptions(json, entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
        }
    }

    Page channels(Query query) {
        boolean withSubscriptions = query.lenientNumber("subs") == 1;
        String wanted = query.text("channel");
        return withSubscriptions ? oneAtATime(() -> channels(query, wanted, true)) : channels(query, wanted, false);
    }

    private Page channels(Query query, String wanted, boolean withSubscriptions) {
        ReplicaView replica = node.replica();
        if (!wanted.isEmpty()) {
            ChannelFacts channel = replica.channel(wanted);
            return channel == null
                    ? notFound("Channel " + wanted)
                    : Json.page(json -> writeChannel(json, channel, withSubscriptions));
        }
        Listing<ChannelFacts> channels = replica.channels(query.lenientOffset(), query.lenientLimit());
        return Json.page(json -> {
            writeHead(json);
            writeRange(json, query, channels);
            if (!channels.items().isEmpty()) {
                json.writeArrayFieldStart(withSubscriptions ? "channels" : "names");
                for (ChannelFacts channel : channels.items()) {
                    if (withSubscriptions) {
                        json.writeStartObject();
                        writeChannel(json, channel, true);
                        json.writeEndObject();
                    } else {
                        json.writeString(channel.name());
                    }
                }
                json.writeEndArray();
            }
        });
    }

    private void writeChannel(JsonGenerator json, ChannelFacts channel, boolean withSubscriptions) throws IOException {
        json.writeStringField("name", channel.name());
        json.writeNumberField("msgs", channel.messages());
        json.writeNumberField("bytes", channel.bytes());
        json.writeNumberField("first_seq", channel.messages() == 0 && channel.last() == 0 ? 0 : channel.first());
        json.writeNumberField("last_seq", channel.last());
        json.writeNumberField("subs_count", channel.subscriptions());
        if (withSubscriptions) {
            List<SubscriptionFacts> subscriptions = node.replica().subscriptionsOn(channel.name());
            if (!subscriptions.isEmpty()) {
                writeSubscriptions(json, "subscriptions", subscriptions);
            }
        }
    }

    private static void writeSubscriptions(JsonGenerator json, String name, List<SubscriptionFacts> subscriptions)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (SubscriptionFacts each : subscriptions) {
            json.writeStartObject();
            json.writeStringField("client_id", each.clientId());
            json.writeStringField("inbox", each.inbox());
            json.writeStringField("ack_inbox", each.ackInbox());
            Json.text(json, "durable_name", each.durableName());
            Json.text(json, "queue_name", each.queueName());
            json.writeBooleanField("is_durable", each.isDurable());
            json.writeBooleanField("is_offline", each.isOffline());
            json.writeNumberField("max_inflight", each.maxInFlight());
            json.writeNumberField("ack_wait", each.ackWaitSecs());
            json.writeNumberField("last_sent", each.lastSent());
            json.writeNumberField("pending_count", each.pending());
            json.writeBooleanField("is_stalled", each.isStalled());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeHead(JsonGenerator json) throws IOException {
        json.writeStringField("cluster_id", facts.names().clusterId());
        json.writeStringField("server_id", facts.names().streamingId());
        json.writeStringField("now", clock.instant().toString());
    }

    private static void writeRange(JsonGenerator json, Query query, Listing<?> listing) throws IOException {
        json.writeNumberField("offset", query.lenientOffset());
        json.writeNumberField("limit", query.lenientLimit());
        json.writeNumberField("count", listing.items().size());
        json.writeNumberField("total", listing.total());
    }

    private static Page notFound(String what) {
        return Page.text(Page.NOT_FOUND, "text/plain", what + " not found\n");
    }

    private interface Work {
        Page make();
    }

    private Page oneAtATime(Work work) {
        detailed.lock();
        try {
            return work.make();
        } finally {
            detailed.unlock();
        }
    }
}
