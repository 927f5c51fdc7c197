package io.stanchion.node.peer;

/** Where another node listens for its peers. */
public record PeerAddress(String nodeId, String host, int port) {}
