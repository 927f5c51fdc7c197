package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.net.GatewayConfig;
import io.stanchion.gateway.net.GatewayServer;
import io.stanchion.node.config.NodeConfig.LameDuck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetirementTest {
    @Test
    void shouldWaitForWhatTheLogHasNotTakenYetWithoutAnyConnection() throws Exception {
        List<String> happened = new ArrayList<>();
        AtomicInteger looksLeft = new AtomicInteger(5);
        try (GatewayServer elsewhere = GatewayServer.withoutClients(GatewayConfig.defaults(), new Router())) {
            new Retirement(
                            () -> happened.add("resigned"),
                            elsewhere,
                            () -> {
                                happened.add("looked");
                                return looksLeft.decrementAndGet();
                            },
                            () -> true)
                    .run(Parting.prompt(new LameDuck(0, 0)));
        }

        assertThat(happened).startsWith("resigned", "looked");
        assertThat(looksLeft.get()).isZero();
    }
}
