package io.stanchion.gateway.core;

/** How far an interest reaches. */
public enum Scope {
    /** Announced to the other nodes; their publishers reach it. */
    CLUSTER,
    /**
     * This node's own service: it sees what this node's clients publish, nothing that another node has routed here. Each node runs
     * the service for its own clients, so a request must not be answered twice.
     */
    SERVICE
}
