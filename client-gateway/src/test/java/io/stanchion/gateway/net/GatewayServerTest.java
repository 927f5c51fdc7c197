package io.stanchion.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.connection.ConnectionLimits;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakWatch.class)
class GatewayServerTest {
    private final Router router = new Router();
    private final AtomicBoolean saturated = new AtomicBoolean();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }

    @Test
    void shouldTellItsIdAndItsPort() throws Exception {
        GatewayServer server = start(config().withNames("", "orders"));
        RawClient client = open(new RawClient(server.port()));

        assertThat(client.info())
                .startsWith("INFO {\"server_id\":\"N")
                .contains("\"port\":" + server.port())
                .contains("\"client_ip\":\"127.0.0.1\"")
                .contains("\"cluster\":\"orders\"")
                .doesNotContain("connect_urls");
        assertThat(server.serverId()).matches("N[A-Z2-7]{55}");
    }

    @Test
    void shouldSayWhichAddressIsTaken() throws Exception {
        GatewayServer server = start(config());

        assertThatThrownBy(() -> start(config().withAddress("127.0.0.1", server.port())))
                .isInstanceOf(BindFailedException.class)
                .hasMessage("cannot listen for clients on 127.0.0.1:" + server.port()
                        + ": the port is taken; stop what listens there, or choose another with port");
    }

    @Test
    void shouldSayWhichAddressIsNotOurs() {
        assertThatThrownBy(() -> start(config().withAddress("192.0.2.1", 4222)))
                .hasMessage("cannot listen for clients on 192.0.2.1:4222: "
                        + "this is not an address of this machine; correct host");
        assertThatThrownBy(() -> start(config().withAddress("2001:db8::1", 4222)))
                .hasMessageStartingWith("cannot listen for clients on [2001:db8::1]:4222: ")
                .hasMessageEndingWith("; correct host");
        assertThatThrownBy(() -> start(config().withAddress("nobody.invalid", 4222)))
                .hasMessage("cannot listen for clients on nobody.invalid:4222: unknown host; correct host");
    }

    @Test
    void shouldAdvertiseTheOthersToThoseWhoListen() throws Exception {
        GatewayServer server = start(config());
        RawClient early = open(RawClient.connected(server.port()));

        server.advertise(List.of("10.0.0.2:4222", "10.0.0.3:4222"));

        String urls = "\"connect_urls\":[\"127.0.0.1:" + server.port() + "\",\"10.0.0.2:4222\",\"10.0.0.3:4222\"]";
        assertThat(early.readLine()).startsWith("INFO {").contains(urls);
        assertThat(open(new RawClient(server.port())).info()).contains(urls);

        server.advertise(List.of());
        assertThat(early.readLine()).startsWith("INFO {").doesNotContain("connect_urls");
    }

    @Test
    void shouldChangeLimitsAndAddressWhileClientsAreHere() throws Exception {
        GatewayServer server = start(config());
        RawClient client = open(RawClient.connected(server.port()));
        server.advertise(List.of("10.0.0.2:4222"));
        client.readLine();

        server.reconfigure(config().withClientAdvertise("nats.example:14222")
                .withLimits(ConnectionLimits.defaults().withPayloadMaxBytes(4)));

        assertThat(client.readLine())
                .startsWith("INFO {")
                .contains("\"host\":\"nats.example\",\"port\":14222", "\"max_payload\":4,")
                .contains("\"connect_urls\":[\"nats.example:14222\",\"10.0.0.2:4222\"]");
        assertThat(server.limits().payloadMaxBytes()).isEqualTo(4);
        client.say("PUB a 4\r\nfour\r\nPING\r\n");
        assertThat(client.readLine()).isEqualTo("PONG");
        client.say("PUB a 5\r\nfives\r\n");
        assertThat(client.readLine()).isEqualTo("-ERR 'Maximum Payload Violation'");
    }

    @Test
    void shouldLetTheLastClientsGoWhenThereAreTooMany() throws Exception {
        GatewayServer server = start(config());
        RawClient first = open(RawClient.connected(server.port()));
        RawClient second = open(RawClient.connected(server.port()));

        server.reconfigure(config().withConnectionsMax(1));

        assertThat(second.readLine()).isEqualTo("-ERR 'maximum connections exceeded'");
        first.say("PING\r\n");
        assertThat(first.readLine()).isEqualTo("PONG");
        assertThat(server.connectionsMax()).isEqualTo(1);
    }

    @Test
    void shouldEstimateTheRoundTripBeforeTheFirstPong() throws Exception {
        GatewayServer server = start(config());
        open(RawClient.connected(server.port()));

        assertThat(server.connections().open())
                .allSatisfy(
                        connection -> assertThat(connection.roundTripNanos()).isPositive());
    }

    @Test
    void shouldReadNobodyWhoFloodsASaturatedService() throws Exception {
        AtomicInteger served = new AtomicInteger();
        router.subscribe(Subject.of("_STAN.>"), null, Scope.SERVICE, message -> served.incrementAndGet() > 0);
        GatewayServer server = start(config());
        RawClient client = open(RawClient.connected(server.port()));

        saturated.set(true);
        client.say("PUB _STAN.pub 1\r\nx\r\nPING\r\n");
        assertThat(client.readLine()).isEqualTo("PONG"); // was in the same read
        client.say("PING\r\n");
        client.socket().setSoTimeout(200);
        assertThatThrownBy(client::readLine).isInstanceOf(IOException.class);

        saturated.set(false);
        server.resumePublishers();
        client.socket().setSoTimeout(10_000);
        assertThat(client.readLine()).isEqualTo("PONG");
        assertThat(served).hasValue(1);
    }

    @Test
    void shouldDropAConsumerThatDoesNotRead() throws Exception {
        GatewayServer server = start(config().withLimits(
                        ConnectionLimits.defaults().withPayloadMaxBytes(1 << 20).withPendingMaxBytes(4 << 20)));
        RawClient slow = open(RawClient.connected(server.port()));
        slow.say("SUB flood 1\r\nPING\r\n");
        slow.readLine();
        RawClient fast = open(RawClient.connected(server.port()));
        fast.say("SUB flood 1\r\nPING\r\n");
        fast.readLine();

        Subject flood = Subject.of("flood");
        byte[] payload = new byte[32 << 10];
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            router.publish(new Message(flood, null, 0, Unpooled.wrappedBuffer(payload)));
            assertThat(fast.readLine()).startsWith("MSG flood");
            fast.readLine(); // the payload has no end of line
            return server.metrics().slowConsumers() == 1;
        });
        assertThat(server.metrics().connections()).isEqualTo(1);
        fast.say("PING\r\n");
        assertThat(fast.readUntil("PONG")).isTrue();
    }

    @Test
    void shouldDropAConsumerThatTakesNothingWithinTheDeadline() throws Exception {
        GatewayServer server =
                start(config().withLimits(ConnectionLimits.defaults().withWriteDeadlineMillis(200)));
        RawClient slow = open(RawClient.connected(server.port()));
        slow.say("SUB flood 1\r\nPING\r\n");
        slow.readLine();
        byte[] payload = new byte[16 << 20];
        router.publish(new Message(Subject.of("flood"), null, 0, Unpooled.wrappedBuffer(payload)));

        await().until(() -> server.metrics().slowConsumers() == 1);
        assertThat(server.metrics().connections()).isZero();
    }

    @Test
    void shouldReturnToWhereItWasAfterAStormOfBadClients() throws Exception {
        GatewayServer server = start(config());
        RawClient witness = open(RawClient.connected(server.port()));
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        storm(server, random, 300);
        await().until(() -> server.metrics().connections() == 1);
        long before = directBytes();
        for (int i = 0; i < 4; i++) {
            storm(server, random, 500);
        }
        await("seed " + seed).until(() -> server.metrics().connections() == 1);
        assertThat(server.metrics().subscriptions()).isZero();
        assertThat(directBytes() - before).as("seed " + seed).isLessThanOrEqualTo(16 << 20);
        witness.say("PING\r\n");
        assertThat(witness.readUntil("PONG")).isTrue();
    }

    @Test
    void shouldWriteWhatWaitsBeforeItStops() throws Exception {
        GatewayServer server = start(config());
        RawClient client = open(RawClient.connected(server.port()));
        client.say("SUB a 1\r\nPING\r\n");
        client.readLine();
        for (int i = 0; i < 1000; i++) {
            router.publish(
                    new Message(Subject.of("a"), null, 0, Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII)));
        }
        server.close();

        for (int i = 0; i < 1000; i++) {
            assertThat(client.readLine()).isEqualTo("MSG a 1 1");
            assertThat(client.readLine()).isEqualTo("x");
        }
        assertThat(client.readLine()).isNull();
        assertThat(server.metrics().connections()).isZero();
        assertThatThrownBy(() -> new RawClient(server.port())).isInstanceOf(IOException.class);
    }

    @Test
    void shouldSendNothingAfterThePongThatFollowsAnUnsub() throws Exception {
        GatewayServer server = start(config());
        Semaphore bursts =
                new Semaphore(0); // an endless flood would make a client that gets no processor time a slow consumer
        Thread flood = new Thread(() -> {
            for (int sid = 1; sid <= 300; sid++) {
                bursts.acquireUninterruptibly();
                for (int i = 0; i < 3000; i++) {
                    router.publish(new Message(Subject.of("a"), null, 0, Unpooled.EMPTY_BUFFER));
                }
            }
        });
        flood.start();
        RawClient client = open(RawClient.connected(server.port()));
        for (int sid = 1; sid <= 300; sid++) {
            bursts.release();
            client.say("SUB a " + sid + "\r\nPING\r\nUNSUB " + sid + "\r\nPING\r\n");
            assertThat(client.readUntil("PONG")).isTrue();
            assertThat(client.readUntil("PONG")).isTrue();
            client.say("PING\r\n");
            assertThat(client.readLine()).as("after UNSUB " + sid).isEqualTo("PONG");
        }
        flood.join();
    }

    @Test
    void shouldGiveASubscriptionExactlyItsMaximumWhoeverPublishes() throws Exception {
        GatewayServer server = start(config());
        RawClient client = open(RawClient.connected(server.port()));
        for (int sid = 1; sid <= 50; sid++) {
            client.say("SUB a q " + sid + "\r\nUNSUB " + sid + " 10\r\n");
        }
        client.say("PING\r\n");
        client.readLine();
        List<Thread> publishers = new ArrayList<>();
        AtomicInteger taken = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            publishers.add(new Thread(() -> {
                for (int n = 0; n < 500; n++) {
                    boolean given = router.publish(new Message(Subject.of("a"), null, 0, Unpooled.EMPTY_BUFFER));
                    taken.addAndGet(given ? 1 : 0);
                }
            }));
        }
        publishers.forEach(Thread::start);
        for (Thread publisher : publishers) {
            publisher.join();
        }
        assertThat(taken).hasValue(500);
        for (int i = 0; i < 500; i++) {
            assertThat(client.readLine()).startsWith("MSG a ");
            assertThat(client.readLine()).isEmpty();
        }
        client.say("PING\r\n");
        assertThat(client.readLine()).isEqualTo("PONG");
        assertThat(server.metrics().subscriptions()).isZero();
    }

    @Test
    void shouldLetTheClientReadTheErrorAlthoughMoreWasOnItsWay() throws Exception {
        GatewayServer server = start(config());
        RawClient client = open(RawClient.connected(server.port()));
        client.say("PUB a 9999999\r\n" + "x".repeat(1 << 20));

        assertThat(client.readLine()).isEqualTo("-ERR 'Maximum Payload Violation'");
        assertThat(client.readLine()).isNull();
    }

    private void storm(GatewayServer server, Random random, int clients) throws IOException {
        for (int i = 0; i < clients; i++) {
            RawClient client = new RawClient(server.port());
            byte[] noise = new byte[random.nextInt(3000)];
            random.nextBytes(noise);
            switch (i % 5) {
                case 0 -> client.say("SUB a." + i + " 1\r\nSUB b.> q 2\r\nPUB a." + i + " 2\r\nh");
                case 1 -> client.say("PUB a 1048576\r\n" + "y".repeat(random.nextInt(200_000)));
                case 2 -> client.say("SUB " + "z".repeat(4000));
                case 3 -> client.say(new String(noise, StandardCharsets.ISO_8859_1));
                default -> {} // comes and goes
            }
            client.close();
        }
    }

    private static long directBytes() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    private GatewayServer start(GatewayConfig config) throws IOException {
        return open(GatewayServer.start(config, router, saturated::get, () -> true));
    }

    private <T extends AutoCloseable> T open(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private static GatewayConfig config() {
        return GatewayConfig.defaults().withAddress("127.0.0.1", 0).withThreads(2);
    }
}
