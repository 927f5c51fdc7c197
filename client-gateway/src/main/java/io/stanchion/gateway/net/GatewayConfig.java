package io.stanchion.gateway.net;

import io.stanchion.gateway.connection.ConnectionLimits;

/**
 * Where and as whom the gateway listens.
 *
 * @param host address to bind; {@code 0.0.0.0} for all
 * @param port 0 or -1 for any free one
 * @param clientAdvertise {@code host} or {@code host:port} that clients are told instead of the bound one; empty for none
 * @param serverName empty for the server's ID
 * @param clusterName the same on all nodes; empty for a single node
 * @param version of the NATS server whose behaviour clients may expect: plain {@code major.minor.patch}
 * @param tracedBytesMax of a message that a trace of the protocol shows; 0 for all
 * @param threads event loops; 0 for one for each processor
 */
public record GatewayConfig(
        String host,
        int port,
        String clientAdvertise,
        String serverName,
        String clusterName,
        String version,
        int threads,
        int connectionsMax,
        int tracedBytesMax,
        ConnectionLimits limits) {
    public static final int CONNECTIONS_MAX = 65_536;

    public static GatewayConfig defaults() {
        return new GatewayConfig(
                "0.0.0.0", 4222, "", "", "", "2.10.29", 0, CONNECTIONS_MAX, 0, ConnectionLimits.defaults());
    }

    public GatewayConfig withAddress(String newHost, int newPort) {
        return new GatewayConfig(
                newHost,
                newPort,
                clientAdvertise,
                serverName,
                clusterName,
                version,
                threads,
                connectionsMax,
                tracedBytesMax,
                limits);
    }

    public GatewayConfig withClientAdvertise(String address) {
        return new GatewayConfig(
                host, port, address, serverName, clusterName, version, threads, connectionsMax, tracedBytesMax, limits);
    }

    public GatewayConfig withNames(String newServerName, String newClusterName) {
        return new GatewayConfig(
                host,
                port,
                clientAdvertise,
                newServerName,
                newClusterName,
                version,
                threads,
                connectionsMax,
                tracedBytesMax,
                limits);
    }

    public GatewayConfig withVersion(String newVersion) {
        return new GatewayConfig(
                host,
                port,
                clientAdvertise,
                serverName,
                clusterName,
                newVersion,
                threads,
                connectionsMax,
                tracedBytesMax,
                limits);
    }

    public GatewayConfig withThreads(int newThreads) {
        return new GatewayConfig(
                host,
                port,
                clientAdvertise,
                serverName,
                clusterName,
                version,
                newThreads,
                connectionsMax,
                tracedBytesMax,
                limits);
    }

    public GatewayConfig withConnectionsMax(int connections) {
        return new GatewayConfig(
                host,
                port,
                clientAdvertise,
                serverName,
                clusterName,
                version,
                threads,
                connections,
                tracedBytesMax,
                limits);
    }

    public GatewayConfig withTracedBytesMax(int bytes) {
        return new GatewayConfig(
                host, port, clientAdvertise, serverName, clusterName, version, threads, connectionsMax, bytes, limits);
    }

    public GatewayConfig withLimits(ConnectionLimits newLimits) {
        return new GatewayConfig(
                host,
                port,
                clientAdvertise,
                serverName,
                clusterName,
                version,
                threads,
                connectionsMax,
                tracedBytesMax,
                newLimits);
    }
}
