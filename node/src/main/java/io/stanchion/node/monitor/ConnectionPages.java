package io.stanchion.node.monitor;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stanchion.gateway.connection.ConnectionFacts;
import io.stanchion.gateway.connection.GatewayMetrics;
import io.stanchion.gateway.connection.InterestFacts;
import io.stanchion.node.config.GoDuration;
import io.stanchion.node.monitor.Query.BadQueryException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The pages about the clients of this node and what they subscribe to; protocol specification 8.2 and 8.3. */
final class ConnectionPages {
    private static final String DETAIL = "detail";

    private final NodeFacts facts;
    private final NodeView node;
    private final InstantSource clock;

    private enum State {
        OPEN,
        CLOSED,
        ALL
    }

    ConnectionPages(NodeFacts facts, NodeView node, InstantSource clock) {
        this.facts = facts;
        this.node = node;
        this.clock = clock;
    }

    Page connections(Query query) throws BadQueryException {
        State state = state(query.text("state"));
        Instant now = clock.instant();
        Comparator<ConnectionFacts> order = order(query.text("sort"), state, now);
        boolean detailed = query.text("subs").equals(DETAIL);
        boolean listed = !detailed && query.flag("subs");
        query.flag("auth");
        long wanted = query.number("cid");
        int offset = query.offset();
        int limit = query.limit();
        List<ConnectionFacts> all = found(state, wanted).sorted(order).toList();
        List<ConnectionFacts> page =
                all.stream().skip(wanted > 0 ? 0 : offset).limit(limit).toList();
        return Json.page(json -> {
            json.writeStringField("server_id", facts.names().serverId());
            json.writeStringField("now", now.toString());
            json.writeNumberField("num_connections", page.size());
            json.writeNumberField("total", all.size());
            json.writeNumberField("offset", offset);
            json.writeNumberField("limit", limit);
            json.writeArrayFieldStart("connections");
            for (ConnectionFacts connection : page) {
                json.writeStartObject();
                writeConnection(json, connection, now);
                if (listed || detailed) {
                    writeInterests(json, connection, detailed);
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private Stream<ConnectionFacts> found(State state, long wanted) {
        List<ConnectionFacts> found = new ArrayList<>();
        if (state != State.CLOSED) {
            found.addAll(node.connections().open());
        }
        if (state != State.OPEN) {
            found.addAll(node.connections().closed());
        }
        return found.stream().filter(connection -> wanted <= 0 || connection.id() == wanted);
    }

    private static State state(String text) throws BadQueryException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "", "open" -> State.OPEN;
            case "closed" -> State.CLOSED;
            case "any", "all" -> State.ALL;
            default -> throw new BadQueryException("Error decoding state for " + text);
        };
    }

    /** By number and by age the smallest comes first, by all else the largest. */
    private static Comparator<ConnectionFacts> order(String sort, State state, Instant now) throws BadQueryException {
        Comparator<ConnectionFacts> byId = Comparator.comparingLong(ConnectionFacts::id);
        Comparator<ConnectionFacts> order = switch (sort) {
            case "", "cid" -> byId;
            case "start" -> Comparator.comparing(ConnectionFacts::start);
            case "subs" -> largest(ConnectionFacts::subscriptions);
            case "pending" -> largest(ConnectionFacts::pendingBytes);
            case "msgs_to" -> largest(ConnectionFacts::outMessages);
            case "msgs_from" -> largest(ConnectionFacts::inMessages);
            case "bytes_to" -> largest(ConnectionFacts::outBytes);
            case "bytes_from" -> largest(ConnectionFacts::inBytes);
            case "rtt" -> largest(ConnectionFacts::roundTripNanos);
            case "last" -> Comparator.comparing(ConnectionFacts::lastActivity).reversed();
            case "idle" -> Comparator.comparing(connection -> idle(connection, now), Comparator.reverseOrder());
            case "uptime" -> Comparator.comparing(connection -> uptime(connection, now), Comparator.reverseOrder());
            case "stop" ->
                ofClosed(sort, state, Comparator.comparing(ConnectionPages::end).reversed());
            case "reason" -> ofClosed(sort, state, Comparator.comparing(ConnectionFacts::reason));
            default -> throw new BadQueryException("invalid sorting option: " + sort);
        };
        return order.thenComparing(byId);
    }

    private static Comparator<ConnectionFacts> largest(ToLongFunction<ConnectionFacts> number) {
        return Comparator.comparingLong(number).reversed();
    }

    private static Comparator<ConnectionFacts> ofClosed(String sort, State state, Comparator<ConnectionFacts> order)
            throws BadQueryException {
        if (state != State.CLOSED) {
            throw new BadQueryException("sort by " + sort + " only valid on closed connections");
        }
        return order;
    }

    private static Instant end(ConnectionFacts connection) {
        Instant stop = connection.stop();
        return stop == null ? Instant.MAX : stop;
    }

    private static Duration uptime(ConnectionFacts connection, Instant now) {
        Instant stop = connection.stop();
        return Duration.between(connection.start(), stop == null ? now : stop);
    }

    private static Duration idle(ConnectionFacts connection, Instant now) {
        Instant stop = connection.stop();
        return Duration.between(connection.lastActivity(), stop == null ? now : stop);
    }

    private static void writeConnection(JsonGenerator json, ConnectionFacts connection, Instant now)
            throws IOException {
        json.writeNumberField("cid", connection.id());
        json.writeStringField("kind", "Client");
        json.writeStringField("type", "nats");
        json.writeStringField("ip", connection.ip());
        json.writeNumberField("port", connection.port());
        json.writeStringField("start", connection.start().toString());
        json.writeStringField("last_activity", connection.lastActivity().toString());
        Instant stop = connection.stop();
        if (stop != null) {
            json.writeStringField("stop", stop.toString());
            json.writeStringField("reason", connection.reason());
        }
        if (connection.roundTripNanos() > 0) {
            json.writeStringField("rtt", GoDuration.print(Duration.ofNanos(connection.roundTripNanos())));
        }
        json.writeStringField("uptime", Uptime.print(uptime(connection, now)));
        json.writeStringField("idle", Uptime.print(idle(connection, now)));
        json.writeNumberField("pending_bytes", connection.pendingBytes());
        json.writeNumberField("in_msgs", connection.inMessages());
        json.writeNumberField("out_msgs", connection.outMessages());
        json.writeNumberField("in_bytes", connection.inBytes());
        json.writeNumberField("out_bytes", connection.outBytes());
        json.writeNumberField("subscriptions", connection.subscriptions());
        Json.text(json, "name", connection.name());
        Json.text(json, "lang", connection.lang());
        Json.text(json, "version", connection.version());
    }

    private void writeInterests(JsonGenerator json, ConnectionFacts connection, boolean detailed) throws IOException {
        List<InterestFacts> interests = node.connections().interests(connection.id());
        if (interests.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart(detailed ? "subscriptions_list_detail" : "subscriptions_list");
        for (InterestFacts interest : interests) {
            if (detailed) {
                writeInterest(json, interest);
            } else {
                json.writeString(interest.subject());
            }
        }
        json.writeEndArray();
    }

    private static void writeInterest(JsonGenerator json, InterestFacts interest) throws IOException {
        json.writeStartObject();
        json.writeStringField("subject", interest.subject());
        Json.text(json, "qgroup", interest.queueGroup());
        json.writeStringField("sid", interest.sid());
        json.writeNumberField("msgs", interest.messages());
        Json.number(json, "max", interest.max());
        json.writeNumberField("cid", interest.connectionId());
        json.writeEndObject();
    }

    Page subscriptions(Query query) throws BadQueryException {
        boolean listed = query.flag("subs");
        int offset = query.offset();
        int limit = query.limit();
        GatewayMetrics gateway = node.gateway();
        List<InterestFacts> all = listed ? node.connections().interests() : List.of();
        List<InterestFacts> page = all.stream().skip(offset).limit(limit).toList();
        return Json.page(json -> {
            json.writeStringField("server_id", facts.names().serverId());
            json.writeStringField("now", clock.instant().toString());
            json.writeNumberField("num_subscriptions", gateway.subscriptions());
            json.writeNumberField("num_cache", 0);
            json.writeNumberField("num_inserts", gateway.subscriptionsTotal());
            json.writeNumberField("num_removes", gateway.subscriptionsTotal() - gateway.subscriptions());
            json.writeNumberField("num_matches", 0);
            json.writeNumberField("cache_hit_rate", 0);
            json.writeNumberField("max_fanout", 0);
            json.writeNumberField("avg_fanout", 0);
            json.writeNumberField("total", listed ? all.size() : 0);
            json.writeNumberField("offset", offset);
            json.writeNumberField("limit", limit);
            if (!page.isEmpty()) {
                json.writeArrayFieldStart("subscriptions_list");
                for (InterestFacts interest : page) {
                    writeInterest(json, interest);
                }
                json.writeEndArray();
            }
        });
    }
}
