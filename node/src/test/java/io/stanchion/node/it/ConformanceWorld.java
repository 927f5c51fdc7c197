package io.stanchion.node.it;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A single node and a cluster with the same settings, each started when a test wants it first. Used by one test thread. */
final class ConformanceWorld implements AutoCloseable {
    private final List<String> settings;
    private @Nullable TestCluster single;
    private @Nullable TestCluster cluster;
    private @Nullable TestNode lost;

    ConformanceWorld(List<String> settings) {
        this.settings = settings;
    }

    /** The node whose gateway a client uses. In a cluster, all nodes run. */
    TestNode gateway(Way way) throws IOException {
        TestCluster nodes = nodes(way);
        return switch (way) {
            case SINGLE, LEADER -> nodes.awaitLeader();
            case FOLLOWER, LEADER_LOST -> nodes.awaitFollower();
        };
    }

    TestCluster nodes(Way way) throws IOException {
        return way == Way.SINGLE ? single() : cluster();
    }

    /** Loses the leader, if that is the way; returns when another one leads. It comes back before the next test. */
    void disturb(Way way) throws IOException {
        if (way == Way.LEADER_LOST) {
            TestCluster nodes = cluster();
            lost = nodes.stopLeader();
            nodes.awaitLeader();
        }
    }

    private TestCluster single() throws IOException {
        if (single == null) {
            single = TestCluster.start(1, settings);
        }
        return single;
    }

    private TestCluster cluster() throws IOException {
        if (cluster == null) {
            cluster = TestCluster.start(3, settings);
        }
        return cluster;
    }

    /** All nodes run again. */
    void mend() {
        if (lost != null && cluster != null) {
            cluster.restart(lost);
            lost = null;
        }
    }

    @Override
    public void close() throws IOException {
        try (TestCluster first = single;
                TestCluster second = cluster) {
            single = null;
            cluster = null;
        }
    }
}
