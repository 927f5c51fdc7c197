package io.stanchion.chaos.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stanchion.chaos.cluster.ClusterNeeds;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import io.stanchion.chaos.workload.NumberedPayload;
import io.stanchion.chaos.workload.Publisher;
import io.stanchion.chaos.workload.StreamingSession;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A leader whose disk becomes slow, as disks do before they die. */
class SlowLeaderIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SLOW_MILLIS = 400;

    @Test
    void shouldGiveLeadershipToANodeWithABetterDisk() throws Exception {
        ClusterNeeds needs = ClusterNeeds.of(ClusterNeeds.Part.LIBC);
        Optional<String> obstacle = needs.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        try (ProcessCluster cluster = ProcessCluster.startFor(needs)) {
            NodeProcess leader = cluster.awaitLeader(PATIENCE);
            NodeProcess gateway = cluster.followersOf(leader).get(0);
            try (StreamingSession session =
                    StreamingSession.open(cluster.clusterId(), "load", cluster.urlsFrom(gateway), PATIENCE)) {
                Publisher publisher = new Publisher(session.streaming(), "orders", new NumberedPayload(128, 1));
                cluster.libc().setSyncDelay(leader, SLOW_MILLIS);
                await().atMost(PATIENCE).until(() -> {
                    publisher.publish();
                    return !leader.monitor().isLeader() && cluster.tryLeader() != null;
                });
                assertThat(lines(leader)).contains("this leader is slow and gives its leadership away: an fsync takes");
            }
        }
    }

    private static String lines(NodeProcess node) throws IOException {
        return Files.readString(node.logFile());
    }
}
