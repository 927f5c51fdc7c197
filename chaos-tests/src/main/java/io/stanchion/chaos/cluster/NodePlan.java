package io.stanchion.chaos.cluster;

import java.nio.file.Path;

/**
 * Where one node lives.
 *
 * @param peerPort its node-to-node port; the port after it is the node's Raft port
 */
public record NodePlan(String id, int clientPort, int monitorPort, int peerPort, Path directory) {
    public String clientUrl() {
        return "nats://127.0.0.1:" + clientPort;
    }

    Path configFile() {
        return directory.resolve("stanchion.conf");
    }

    Path logFile() {
        return directory.resolve("stanchion.log");
    }

    Path dataDirectory() {
        return directory.resolve("data");
    }

    String peer() {
        return id + "=127.0.0.1:" + peerPort;
    }
}
