package io.stanchion.chaos.bench;

import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** The cluster under load and the node through which the load goes. Hands out names that were never used before. */
final class BenchTarget {
    private final ProcessCluster cluster;
    private final NodeProcess gateway;
    private final AtomicInteger lastName =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(1_000_000));

    BenchTarget(ProcessCluster cluster, NodeProcess gateway) {
        this.cluster = cluster;
        this.gateway = gateway;
    }

    String clusterId() {
        return cluster.clusterId();
    }

    int port() {
        return gateway.clientPort();
    }

    List<String> urls() {
        return cluster.urlsFrom(gateway);
    }

    String newName(String prefix) {
        return prefix + "-" + lastName.incrementAndGet();
    }
}
