package io.stanchion.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.stanchion.chaos.cluster.NodeNetworks.Roughness;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wire does what it is told. The kernel at its other end answers echo requests. */
class RoughWiresIT {
    private static final int PATIENCE_MILLIS = 3_000;
    private static final long DELAY_MILLIS = 150;

    @Test
    void shouldDelayAndLoseWhatItCarriesUntilItIsMended(@TempDir Path folder) throws Exception {
        assumeThat(RoughWires.obstacle()).as("obstacle").isEmpty();
        try (NodeNetworks networks = NodeNetworks.createRough(List.of("a", "b"), folder)) {
            InetAddress a = InetAddress.getByName(networks.addressOf("a"));
            InetAddress b = InetAddress.getByName(networks.addressOf("b"));
            assertThat(a.isReachable(PATIENCE_MILLIS)).isTrue();

            networks.roughen("a", new Roughness(DELAY_MILLIS, 0, 0, 0));
            networks.roughen("b", new Roughness(0, 0, 1_000, 0));
            long begin = System.nanoTime();
            assertThat(a.isReachable(PATIENCE_MILLIS)).isTrue();
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                    .as("milliseconds there and back")
                    .isGreaterThanOrEqualTo(2 * DELAY_MILLIS);
            assertThat(b.isReachable(PATIENCE_MILLIS)).isFalse();

            networks.heal();
            assertThat(b.isReachable(PATIENCE_MILLIS)).isTrue();
        }
    }
}
