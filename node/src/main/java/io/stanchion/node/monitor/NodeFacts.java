package io.stanchion.node.monitor;

import java.time.Instant;

/**
 * What does not change while a node runs.
 *
 * @param version ours, as streaming clients' tools read it
 * @param natsVersion that of the NATS server whose behaviour clients may expect
 * @param storeType as the reference names it
 * @param isClustered whether there are other nodes
 */
public record NodeFacts(
        Names names,
        String version,
        String natsVersion,
        Address clients,
        String storeType,
        boolean isClustered,
        Instant start) {

    /**
     * @param serverId of the NATS server
     * @param streamingId of the streaming server
     */
    public record Names(String serverId, String serverName, String streamingId, String clusterId, String nodeId) {}

    /** Where something listens. */
    public record Address(String host, int port) {
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
