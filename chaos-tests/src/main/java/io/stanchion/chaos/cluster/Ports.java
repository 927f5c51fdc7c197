package io.stanchion.chaos.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports on loopback. They are drawn below the range from which the kernel serves outgoing connections: a node that is down for a
 * moment must find its port free when it comes back.
 */
public final class Ports {
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 500;

    private Ports() {}

    /** The first of {@code count} neighbouring free ports. */
    public static int free(int count) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int first = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST - count);
            if (areFree(first, count)) {
                return first;
            }
        }
        throw new ClusterException("found no free port on 127.0.0.1 between " + LOWEST + " and " + HIGHEST);
    }

    /** Whether a server could listen there now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // A listener of a moment ago may leave connections in TIME_WAIT; a server may listen nevertheless.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean areFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            if (!isFree(port)) {
                return false;
            }
        }
        return true;
    }
}
