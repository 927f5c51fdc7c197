package io.stanchion.node.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of one node; its Raft port is the one after {@code peer}. Drawn below the range from which the kernel serves outgoing
 * connections, so that a node which is stopped for a while finds them free again.
 */
record TestPorts(int client, int monitor, int peer) {
    private static final int COUNT = 4;
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;

    static TestPorts free() {
        for (int attempt = 0; attempt < 200; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(LOWEST / COUNT, HIGHEST / COUNT) * COUNT;
            if (areFree(first)) {
                return new TestPorts(first, first + 1, first + 2);
            }
        }
        throw new IllegalStateException("no free ports on loopback");
    }

    private static boolean areFree(int first) {
        for (int port = first; port < first + COUNT; port++) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
