package io.stanchion.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.net.GatewayConfig;
import io.stanchion.gateway.net.GatewayServer;
import io.stanchion.node.config.ConfigLoader;
import io.stanchion.node.config.InvalidConfigException;
import io.stanchion.node.config.NodeConfig;
import io.stanchion.node.config.Program;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @ParameterizedTest
    @CsvSource({
        "MEMORY, -store memory",
        "FILE, -store file",
        "RAFT_FILE, -cluster_node_id a -cluster_peers a=127.0.0.1:6222;b=127.0.0.1:6322 -clustered"
    })
    void shouldNameTheKindOfStore(String expected, String flags) throws InvalidConfigException {
        try (GatewayServer server = GatewayServer.withoutClients(GatewayConfig.defaults(), new Router())) {
            assertThat(Settings.facts(config(flags.replace(';', ',')), server, "S")
                            .storeType())
                    .isEqualTo(expected);
        }
    }

    private static NodeConfig config(String flags) throws InvalidConfigException {
        return ((ConfigLoader.Run) new ConfigLoader(Program.STANCHION).load(flags.split(" "))).config();
    }
}
