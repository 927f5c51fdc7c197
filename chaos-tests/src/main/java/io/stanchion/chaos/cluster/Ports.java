package io.stanchion.chaos.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free ports on loopback. A node that is down for a moment must find its port free when it comes back. So they are drawn below the range
 * from which the kernel serves outgoing connections, and each process draws from a block of its own: that whose first port it holds. It goes through
 * its block in turn, as what it has given away is free until a node listens there.
 */
public final class Ports {
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;
    private static final int BLOCK = 250;
    private static final int IN_A_ROW_MAX = 10;
    private static final int ATTEMPTS = 500;
    private static final AtomicInteger DRAWN = new AtomicInteger();

    private Ports() {}

    /** The first of {@code count} neighbouring free ports, 10 at most. */
    public static int free(int count) {
        int held = Block.HELD.getLocalPort();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int first = held + 1 + DRAWN.getAndAdd(count) % (BLOCK - IN_A_ROW_MAX);
            if (areFree(first, count)) {
                return first;
            }
        }
        throw new ClusterException("found no free port on 127.0.0.1 between " + held + " and " + (held + BLOCK));
    }

    /** Holds the first port of the block that belongs to this process until it ends. */
    private static final class Block {
        static final ServerSocket HELD = claim();

        private Block() {}
    }

    private static ServerSocket claim() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int first = LOWEST + BLOCK * ThreadLocalRandom.current().nextInt((HIGHEST - LOWEST) / BLOCK);
            try {
                return new ServerSocket(first, 1, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                // another process holds it
            }
        }
        throw new ClusterException("found no free block of ports on 127.0.0.1 between " + LOWEST + " and " + HIGHEST);
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
