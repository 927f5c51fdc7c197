package io.stanchion.chaos.cluster;

import java.nio.file.Path;

/**
 * Where one node lives.
 *
 * @param host the address it listens on
 * @param peerPort its node-to-node port; the port after it is the node's Raft port
 * @param directory of its configuration and log, and of its data when it has no disk of its own
 */
public record NodePlan(String id, String host, int clientPort, int monitorPort, int peerPort, Path directory) {
    public String clientUrl() {
        return "nats://" + host + ":" + clientPort;
    }

    public int raftPort() {
        return peerPort + 1;
    }

    NodePlan at(String address) {
        return new NodePlan(id, address, clientPort, monitorPort, peerPort, directory);
    }

    NodePlan onPeerPort(int port) {
        return new NodePlan(id, host, clientPort, monitorPort, port, directory);
    }

    /** Where a disk of its own is mounted, if it has one. */
    Path diskDirectory() {
        return directory.resolve("disk");
    }

    Path configFile() {
        return directory.resolve("stanchion.conf");
    }

    Path logFile() {
        return directory.resolve("stanchion.log");
    }

    /** Below the mount point, because a fresh ext4 is not quite an empty folder. */
    Path dataDirectory() {
        return diskDirectory().resolve("data");
    }

    String peer() {
        return id + "=" + host + ":" + peerPort;
    }
}
