package io.stanchion.node.monitor;

/**
 * Another node of the cluster.
 *
 * @param isConnected in both directions
 * @param pendingBytes that wait for it to take them
 */
public record PeerFacts(String nodeId, String host, int port, boolean isConnected, long pendingBytes) {}
