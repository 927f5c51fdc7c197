package io.stanchion.gateway.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import io.stanchion.gateway.core.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The unmodified Java client. */
@ExtendWith(LeakWatch.class)
class RealClientTest {
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final List<Connection> connections = new ArrayList<>();
    private GatewayServer server;

    @BeforeEach
    void start() throws IOException {
        server = newServer(0);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Connection connection : connections) {
            connection.close();
        }
        server.close();
    }

    @Test
    void shouldPublishAndSubscribe() throws Exception {
        Connection alice = connect();
        Connection bob = connect();
        Subscription all = bob.subscribe("orders.>");
        Subscription one = bob.subscribe("orders.*.new");
        bob.flush(WAIT);
        for (int i = 0; i < 10_000; i++) {
            alice.publish("orders." + i % 7 + ".new", ("order " + i).getBytes(UTF_8));
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(text(all.nextMessage(WAIT))).isEqualTo("order " + i);
            assertThat(text(one.nextMessage(WAIT))).isEqualTo("order " + i);
        }
    }

    @Test
    void shouldSpreadWorkOverAQueueGroup() throws Exception {
        AtomicInteger[] received = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        for (AtomicInteger member : received) {
            Connection connection = connect();
            Dispatcher dispatcher = connection.createDispatcher(message -> member.incrementAndGet());
            dispatcher.subscribe("jobs", "workers");
            connection.flush(WAIT);
        }
        Connection alice = connect();
        for (int i = 0; i < 3000; i++) {
            alice.publish("jobs", new byte[8]);
        }
        await().until(() -> received[0].get() + received[1].get() + received[2].get() == 3000);
        for (AtomicInteger member : received) {
            assertThat(member.get()).isBetween(700, 1300);
        }
    }

    @Test
    void shouldAnswerRequests() throws Exception {
        Connection service = connect();
        service.createDispatcher(request -> service.publish(request.getReplyTo(), request.getData()))
                .subscribe("echo");
        service.flush(WAIT);
        Connection alice = connect();
        for (int i = 0; i < 500; i++) {
            Message reply = alice.request("echo", Integer.toString(i).getBytes(UTF_8), WAIT);
            assertThat(text(reply)).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void shouldCarryHeaders() throws Exception {
        Connection alice = connect();
        Subscription subscription = alice.subscribe("a");
        alice.publish(NatsMessage.builder()
                .subject("a")
                .headers(new Headers().add("Colour", "red", "green"))
                .data("hi")
                .build());
        Message message = subscription.nextMessage(WAIT);
        assertThat(message.getHeaders().get("Colour")).containsExactly("red", "green");
        assertThat(text(message)).isEqualTo("hi");
    }

    @Test
    void shouldSayAtOnceThatNobodyResponds() throws Exception {
        Connection alice = connect();
        assertThatThrownBy(() -> alice.request("nobody", new byte[0]).get(5, TimeUnit.SECONDS))
                .isInstanceOfAny(CancellationException.class, ExecutionException.class);
        Connection patient = connect(Options.builder().reportNoResponders());
        assertThatThrownBy(() -> patient.request("nobody", new byte[0]).get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(JetStreamStatusException.class)
                .hasMessageContaining("503");
    }

    @Test
    void shouldDrain() throws Exception {
        Connection alice = connect();
        Connection bob = connect();
        AtomicInteger received = new AtomicInteger();
        bob.createDispatcher(message -> received.incrementAndGet()).subscribe("a");
        bob.flush(WAIT);
        for (int i = 0; i < 2000; i++) {
            alice.publish("a", new byte[16]);
        }
        alice.flush(WAIT);
        assertThat(bob.drain(WAIT).get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(received).hasValue(2000);
    }

    @Test
    void shouldCarryOneMebibyte() throws Exception {
        Connection alice = connect();
        Connection bob = connect();
        byte[] payload = new byte[1 << 20];
        new Random(1).nextBytes(payload);
        Subscription first = bob.subscribe("big");
        Subscription second = bob.subscribe("*");
        bob.flush(WAIT);
        for (int i = 0; i < 20; i++) {
            alice.publish("big", payload);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(first.nextMessage(WAIT).getData()).isEqualTo(payload);
            assertThat(second.nextMessage(WAIT).getData()).isEqualTo(payload);
        }
        assertThat(alice.getMaxPayload()).isEqualTo(1 << 20);
    }

    @Test
    void shouldUnsubscribeByCount() throws Exception {
        Connection alice = connect();
        Subscription subscription = alice.subscribe("a");
        subscription.unsubscribe(3);
        for (int i = 0; i < 10; i++) {
            alice.publish("a", new byte[1]);
        }
        alice.flush(WAIT);
        for (int i = 0; i < 3; i++) {
            assertThat(subscription.nextMessage(WAIT)).isNotNull();
        }
        await().until(() -> server.metrics().subscriptions() == 0);
        assertThat(server.metrics().outMessages()).isEqualTo(3);
    }

    @Test
    void shouldFindItsWayToAnotherServerAndBack() throws Exception {
        GatewayServer other = newServer(0);
        server.advertise(other.ownUrls());
        Connection alice =
                connect(Options.builder().reconnectWait(Duration.ofMillis(10)).maxReconnects(-1));
        await().until(() -> alice.getServers().size() == 2);
        Subscription subscription = alice.subscribe("a");
        alice.flush(WAIT);

        server.close();
        await().until(() -> other.metrics().subscriptions() == 1);
        alice.publish("a", "still here".getBytes(UTF_8));

        assertThat(text(subscription.nextMessage(WAIT))).isEqualTo("still here");
        other.close();
    }

    private Connection connect() throws Exception {
        return connect(Options.builder());
    }

    private Connection connect(Options.Builder options) throws Exception {
        Connection connection =
                Nats.connect(options.server("nats://127.0.0.1:" + server.port()).build());
        connections.add(connection);
        return connection;
    }

    private static String text(Message message) {
        return new String(message.getData(), UTF_8);
    }

    private static GatewayServer newServer(int port) throws IOException {
        GatewayConfig config =
                GatewayConfig.defaults().withAddress("127.0.0.1", port).withThreads(2);
        return GatewayServer.start(config, new Router(), () -> false, () -> true);
    }
}
