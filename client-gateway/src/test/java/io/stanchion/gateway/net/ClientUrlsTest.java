package io.stanchion.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ClientUrlsTest {
    @Test
    void shouldNameTheBoundAddress() throws IOException {
        assertThat(ClientUrls.of(GatewayConfig.defaults().withAddress("127.0.0.1", 0), 4222))
                .containsExactly("127.0.0.1:4222");
        assertThat(ClientUrls.of(GatewayConfig.defaults().withAddress("::1", 0), 4222))
                .containsExactly("[::1]:4222");
    }

    @Test
    void shouldNameSomeAddressWhenBoundToAll() throws IOException {
        assertThat(ClientUrls.of(GatewayConfig.defaults(), 4222))
                .isNotEmpty()
                .allMatch(url -> url.endsWith(":4222") && !url.startsWith("0.0.0.0"));
    }

    @Test
    void shouldNameEveryAddressOfAListenerLoopbackFirst() throws IOException {
        assertThat(ClientUrls.ofListener("0.0.0.0", 8222))
                .startsWith("127.0.0.1:8222")
                .allMatch(url -> url.endsWith(":8222") && !url.startsWith("0.0.0.0"))
                .containsAll(ClientUrls.of(GatewayConfig.defaults(), 8222));
        assertThat(ClientUrls.ofListener("127.0.0.2", 8222)).containsExactly("127.0.0.2:8222");
    }

    @Test
    void shouldNameWhatIsAdvertisedInstead() throws IOException {
        GatewayConfig config = GatewayConfig.defaults();
        assertThat(ClientUrls.of(config.withClientAdvertise("nats.example"), 4222))
                .containsExactly("nats.example:4222");
        assertThat(ClientUrls.of(config.withClientAdvertise("nats.example:14222"), 4222))
                .containsExactly("nats.example:14222");
        assertThat(ClientUrls.of(config.withClientAdvertise("[fd00::1]:14222"), 4222))
                .containsExactly("[fd00::1]:14222");
        assertThat(ClientUrls.of(config.withClientAdvertise("fd00::1"), 4222)).containsExactly("[fd00::1]:4222");
    }

    @Test
    void shouldWriteLongAddressesInTheirShortForm() throws IOException {
        GatewayConfig config = GatewayConfig.defaults();
        assertThat(ClientUrls.of(config.withAddress("fd00:0:0:0:0:0:0:2", 0), 4222))
                .containsExactly("[fd00::2]:4222");
        assertThat(ClientUrls.of(config.withClientAdvertise("[FD00:0:0:0:0:0:0:2]:14222"), 4222))
                .containsExactly("[fd00::2]:14222");
        assertThat(ClientUrls.of(config, 4222)).noneMatch(url -> url.contains(":0:0") || url.contains("%"));
    }
}
