package io.stanchion.node.monitor;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.DoubleSupplier;

/** The numbers of a node for Prometheus. Built when first asked for: a node that nobody scrapes should not load the library. */
final class MetricsPage {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer =
            PrometheusTextFormatWriter.builder().build();

    MetricsPage(NodeView node) {
        gauge(
                "stanchion_ready",
                "1 if this node is fit to serve",
                () -> node.unfitReason().isEmpty() ? 1 : 0);
        gauge("stanchion_raft_leader", "1 if this node leads", () -> node.role().equals("Leader") ? 1 : 0);
        gauge(
                "stanchion_raft_leader_known",
                "1 if this node knows a leader",
                () -> node.leader().isEmpty() ? 0 : 1);
        gauge("stanchion_raft_applied_index", "Last log entry applied here", node::appliedIndex);
        gauge("stanchion_raft_entries_behind", "Committed entries not applied here", node::entriesBehind);
        gauge("stanchion_raft_parked_bytes", "Work of this node's clients not in the log yet", node::parkedBytes);
        gauge("stanchion_disk_free_bytes", "Free bytes on the disk of the data directory", node::diskFreeBytes);
        gauge("stanchion_disk_short", "1 if less is free than disk_free_min", () -> node.isDiskShort() ? 1 : 0);
        gauge(
                "stanchion_quarantined",
                "1 if this node's data is not trusted, or being replaced",
                () -> node.quarantineReason().isEmpty() ? 0 : 1);
        gauge("stanchion_peers_connected", "Other nodes connected in both directions", node::connectedPeers);
        gateway(node);
        streaming(node);
        gauge("stanchion_process_open_files", "File descriptors in use", OwnProcess::openFiles);
        gauge("stanchion_process_max_files", "File descriptors that may be used", OwnProcess::openFilesMax);
        gauge("stanchion_process_resident_memory_bytes", "Memory in use, native included", OwnProcess::residentBytes);
    }

    private void gateway(NodeView node) {
        gauge(
                "stanchion_gateway_connections",
                "Clients connected now",
                () -> node.gateway().connections());
        gauge(
                "stanchion_gateway_subscriptions",
                "Core subscriptions of these clients",
                () -> node.gateway().subscriptions());
        counter(
                "stanchion_gateway_connections_accepted",
                "Clients ever connected",
                () -> node.gateway().connectionsTotal());
        counter(
                "stanchion_gateway_in_messages",
                "Messages from clients",
                () -> node.gateway().inMessages());
        counter(
                "stanchion_gateway_in_bytes",
                "Bytes of these messages",
                () -> node.gateway().inBytes());
        counter(
                "stanchion_gateway_out_messages",
                "Messages to clients",
                () -> node.gateway().outMessages());
        counter(
                "stanchion_gateway_out_bytes",
                "Bytes of these messages",
                () -> node.gateway().outBytes());
        counter(
                "stanchion_gateway_slow_consumers",
                "Clients closed because they did not read",
                () -> node.gateway().slowConsumers());
    }

    private void streaming(NodeView node) {
        gauge(
                "stanchion_streaming_sessions",
                "Client sessions",
                () -> node.replica().totals().sessions());
        gauge(
                "stanchion_streaming_channels",
                "Channels",
                () -> node.replica().totals().channels());
        gauge(
                "stanchion_streaming_subscriptions",
                "Subscriptions, offline durables included",
                () -> node.replica().totals().subscriptions());
        gauge(
                "stanchion_streaming_stored_messages",
                "Messages in all channels",
                () -> node.replica().totals().messages());
        gauge(
                "stanchion_streaming_stored_bytes",
                "Bytes of these messages",
                () -> node.replica().totals().bytes());
        counter(
                "stanchion_streaming_published_messages",
                "Messages published through this node",
                () -> node.streaming().messagesIn());
        counter(
                "stanchion_streaming_published_bytes",
                "Bytes of these messages",
                () -> node.streaming().bytesIn());
        counter(
                "stanchion_streaming_delivered_messages",
                "Messages delivered by this node while it led",
                () -> node.streaming().messagesOut());
        counter(
                "stanchion_streaming_delivered_bytes",
                "Bytes of these messages",
                () -> node.streaming().bytesOut());
    }

    private void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** The library adds {@code _total} to the name. */
    private void counter(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    Page render() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("in memory nothing can fail", e);
        }
        return new Page(Page.OK, PrometheusTextFormatWriter.CONTENT_TYPE, text.toString(StandardCharsets.UTF_8));
    }
}
