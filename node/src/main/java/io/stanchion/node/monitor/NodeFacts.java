package io.stanchion.node.monitor;

import io.stanchion.gateway.connection.ConnectionLimits;
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
        int connectionsMax,
        ConnectionLimits limits,
        String storeType,
        boolean isClustered,
        Instant start) {

    public record Names(String serverId, String serverName, String clusterId, String nodeId) {}

    /** Where something listens. */
    public record Address(String host, int port) {
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
