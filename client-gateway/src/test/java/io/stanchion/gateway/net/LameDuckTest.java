package io.stanchion.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakWatch.class)
class LameDuckTest {
    private static final String OTHER = "10.0.0.2:4222";

    private final Router router = new Router();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }

    @Test
    void shouldSendNewClientsAwayAndTellTheOthersWhereToGo() throws Exception {
        GatewayServer server = start();
        server.advertise(List.of(OTHER));
        RawClient client = open(RawClient.connected(server.port()));
        int port = server.port();

        server.becomeLameDuck();

        assertThat(client.readLine())
                .startsWith("INFO {")
                .contains("\"ldm\":true")
                .contains("\"connect_urls\":[\"" + OTHER + "\"]");
        assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(IOException.class);
        client.say("SUB a 1\r\nPUB a 1\r\nx\r\n");
        assertThat(client.readLine()).isEqualTo("MSG a 1 1");
    }

    @Test
    void shouldNotNameItselfWhenAnotherNodeComesMeanwhile() throws Exception {
        GatewayServer server = start();
        RawClient client = open(RawClient.connected(server.port()));
        server.becomeLameDuck();
        assertThat(client.readLine()).contains("\"ldm\":true").doesNotContain("connect_urls");

        server.advertise(List.of(OTHER));

        assertThat(client.readLine()).contains("\"ldm\":true").contains("\"connect_urls\":[\"" + OTHER + "\"]");
    }

    @Test
    void shouldWriteWhatWaitsAndThenEndTheStream() throws Exception {
        GatewayServer server = start();
        RawClient client = open(RawClient.connected(server.port()));
        client.say("SUB a 1\r\nPING\r\n");
        client.readLine();
        for (int i = 0; i < 1000; i++) {
            router.publish(
                    new Message(Subject.of("a"), null, 0, Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII)));
        }

        server.letGo(left -> {});

        for (int i = 0; i < 1000; i++) {
            assertThat(client.readLine()).isEqualTo("MSG a 1 1");
            assertThat(client.readLine()).isEqualTo("x");
        }
        assertThat(client.readLine()).isNull();
    }

    @Test
    void shouldTakeWhatAClientPublishesUntilItHasSeenTheEnd() throws Exception {
        AtomicInteger published = new AtomicInteger();
        router.subscribe(Subject.of("_STAN.>"), null, Scope.SERVICE, message -> published.incrementAndGet() > 0);
        GatewayServer server = start();
        RawClient client = open(RawClient.connected(server.port()));

        server.letGo(left -> {});
        assertThat(client.readLine()).isNull();
        for (int i = 0; i < 100; i++) {
            client.say("PUB _STAN.pub 1\r\nx\r\nPING\r\nSUB b " + i + "\r\n");
        }
        client.close();

        await().untilAsserted(() -> assertThat(published).hasValue(100));
        await().until(() -> server.metrics().connections() == 0);
        assertThat(router.hasInterest(Subject.of("b"))).isFalse();
    }

    @Test
    void shouldHaveNoListenerForAClientThatHasToGo() throws Exception {
        GatewayServer server = start();
        RawClient client = open(RawClient.connected(server.port()));
        client.say("SUB inbox 1\r\nPING\r\n");
        client.readLine();

        server.letGo(left -> {});

        await().until(() -> !router.hasInterest(Subject.of("inbox")));
        assertThat(client.readLine()).isNull();
    }

    @Test
    void shouldPartWithOneAfterTheOther() throws Exception {
        GatewayServer server = start();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(open(RawClient.connected(server.port())));
        }
        List<Integer> left = new ArrayList<>();

        server.letGo(left::add);

        assertThat(left).containsExactly(2, 1);
        for (RawClient client : clients) {
            assertThat(client.readLine()).isNull();
        }
    }

    @Test
    void shouldCutAClientThatGoesOnAfterTheEnd() throws Exception {
        GatewayServer server = start();
        RawClient client = open(RawClient.connected(server.port()));

        server.letGo(left -> {});
        assertThat(client.readLine()).isNull();
        AtomicBoolean cut = new AtomicBoolean();
        await().until(() -> {
            try {
                client.say("PUB a 1\r\nx\r\n");
            } catch (IOException e) {
                cut.set(true);
            }
            return cut.get();
        });
        assertThat(server.metrics().connections()).isZero();
    }

    private GatewayServer start() throws IOException {
        return open(GatewayServer.start(
                GatewayConfig.defaults().withAddress("127.0.0.1", -1), router, () -> false, () -> true));
    }

    private <T extends AutoCloseable> T open(T closeable) {
        opened.add(closeable);
        return closeable;
    }
}
