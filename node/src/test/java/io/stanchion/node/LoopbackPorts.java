package io.stanchion.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for the nodes of a test. Drawn below the range from which the kernel serves outgoing connections, so that a node which is
 * stopped for a while finds them free again; each of the JVMs that run tests side by side draws from a part of its own, and goes through
 * that part in turn: what it has given away is free until a node listens there.
 */
public final class LoopbackPorts {
    private static final int LOWEST = 15_000;
    private static final int JVMS_MAX = 4;
    private static final int PER_JVM = 4_250;
    private static final int JVM = Integer.getInteger("test.jvm", 1) % JVMS_MAX;
    private static final int IN_A_ROW_MAX = 10;
    private static final int ATTEMPTS_MAX = 200;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PER_JVM));

    private LoopbackPorts() {}

    /** The first of so many free ports in a row, 10 at most. */
    public static int free(int count) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int first = LOWEST + JVM * PER_JVM + NEXT.getAndAdd(count) % (PER_JVM - IN_A_ROW_MAX);
            if (areFree(first, count)) {
                return first;
            }
        }
        throw new IllegalStateException("no free ports on loopback");
    }

    private static boolean areFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
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
