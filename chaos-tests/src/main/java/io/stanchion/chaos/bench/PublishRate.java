package io.stanchion.chaos.bench;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.ClusterException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How many messages a second are acknowledged over a number of connections. */
final class PublishRate {
    /** Who publishes. */
    enum Client {
        /** The public Java client. */
        JAVA,
        /** A pipelining socket. */
        RAW
    }

    private static final int WINDOW = 8192;

    private PublishRate() {}

    static double measure(
            BenchTarget target, Client client, int connections, int payloadBytes, Duration warmUp, Duration run)
            throws Exception {
        List<PublishLoad> loads = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                loads.add(
                        client == Client.JAVA
                                ? new JavaPublishLoad(target, payloadBytes)
                                : new RawPublishLoad(target, payloadBytes, Math.max(512, WINDOW / connections)));
            }
            pass(warmUp, loads);
            long before = acknowledged(loads);
            long start = System.nanoTime();
            pass(run, loads);
            return (acknowledged(loads) - before) / ((System.nanoTime() - start) / 1e9);
        } finally {
            for (PublishLoad load : loads) {
                load.close();
            }
        }
    }

    private static void pass(Duration time, List<PublishLoad> loads) {
        Await.tryUntil(
                time, () -> loads.stream().anyMatch(load -> load.progress().trouble() != null));
        for (PublishLoad load : loads) {
            if (load.progress().trouble() != null) {
                throw new ClusterException(
                        "a publish failed: " + load.progress().trouble());
            }
        }
    }

    private static long acknowledged(List<PublishLoad> loads) {
        return loads.stream().mapToLong(load -> load.progress().acknowledged()).sum();
    }
}
