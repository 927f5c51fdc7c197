package io.stanchion.node.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.streaming.StreamingConnection;
import io.stanchion.proto.stan.CloseResponse;
import io.stanchion.proto.stan.ConnectResponse;
import io.stanchion.proto.stan.PubAck;
import io.stanchion.proto.stan.SubscriptionResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a stranger sends, the node answers what the specification says, and goes on serving others. */
class BadInputIT extends ClusterTestBase {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final byte[] GARBAGE = "dummy".getBytes(US_ASCII);

    @AfterEach
    void nodesStillServe() throws Exception {
        for (TestNode node : cluster().nodes()) {
            assertThat(node.isReady()).isTrue();
            StreamingConnection session = clients().open("witness-" + node.id(), node);
            Received received = subscribe(session, "witness-" + node.id(), options());
            publish(session, "witness-" + node.id(), "alive");
            received.awaitTexts("alive");
            session.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAnswerGarbageOnEachStreamingSubject(Through through) throws Exception {
        try (RawStanClient stan =
                new RawStanClient(through.of(cluster()).clientPort(), cluster().clusterId())) {
            assertThat(ConnectResponse.parseFrom(stan.request(stan.discoverSubject(), GARBAGE))
                            .getError())
                    .isEqualTo("stan: invalid connection request");
            assertThat(PubAck.parseFrom(stan.request("_STAN.pub.it-cluster.foo", GARBAGE))
                            .getError())
                    .isEqualTo("stan: invalid publish request");
            assertThat(SubscriptionResponse.parseFrom(stan.request("_STAN.sub.it-cluster", GARBAGE))
                            .getError())
                    .isEqualTo("stan: invalid subscription request");
            assertThat(SubscriptionResponse.parseFrom(stan.request("_STAN.unsub.it-cluster", GARBAGE))
                            .getError())
                    .isEqualTo("stan: invalid unsubscribe request");
            assertThat(SubscriptionResponse.parseFrom(stan.request("_STAN.subclose.it-cluster", GARBAGE))
                            .getError())
                    .isEqualTo("stan: invalid unsubscribe request");
            assertThat(CloseResponse.parseFrom(stan.request("_STAN.close.it-cluster", GARBAGE))
                            .getError())
                    .isEqualTo("stan: invalid close request");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldIgnoreGarbageOnAckInboxesAndPings(Through through) throws Exception {
        try (RawStanClient stan =
                new RawStanClient(through.of(cluster()).clientPort(), cluster().clusterId())) {
            String name = "garbage-" + through;
            stan.connect(name);
            String ackInbox = stan.subscribe(RawStanClient.subscription(name, "foo", stan.newInbox())
                            .build())
                    .getAckInbox();
            stan.nats().publish(ackInbox, null, GARBAGE);
            stan.nats().publish(ackInbox, null, new byte[0]);
            stan.ack(ackInbox, "foo", -1);
            stan.ack(ackInbox, "no-such-channel", 1);
            stan.nats().publish(stan.discoverSubject() + ".pings", stan.newInbox(), GARBAGE);
            assertThat(stan.ping("conn-" + name)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSurviveRandomRequests(Through through) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] subjects = {
            "_STAN.discover.it-cluster",
            "_STAN.discover.it-cluster.pings",
            "_STAN.pub.it-cluster.foo",
            "_STAN.pub.it-cluster.a.b.c",
            "_STAN.sub.it-cluster",
            "_STAN.unsub.it-cluster",
            "_STAN.subclose.it-cluster",
            "_STAN.close.it-cluster",
            "_STAN.unheard.of",
            "_INBOX.stan-ack-it-cluster.0123456789012345678901"
        };
        try (RawNatsClient nats = RawNatsClient.connect(through.of(cluster()).clientPort())) {
            for (int i = 0; i < 20_000; i++) {
                byte[] payload = new byte[random.nextInt(200)];
                random.nextBytes(payload);
                nats.publish(
                        subjects[random.nextInt(subjects.length)], random.nextBoolean() ? "_INBOX.x" : null, payload);
            }
            nats.roundTrip();
        } catch (IOException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    FOO                       | -ERR 'Unknown Protocol Operation'
                    PUB a 9999999             | -ERR 'Maximum Payload Violation'
                    PUB a 999999999           | -ERR 'Maximum Payload Violation'
                    """)
    void shouldSayWhyItClosesTheConnection(String line, String answer) throws Exception {
        try (RawNatsClient nats = RawNatsClient.connect(cluster().awaitLeader().clientPort())) {
            nats.send(line);
            assertThat(nats.nextLine()).isEqualTo(answer);
            assertThat(nats.awaitClosedByServer(LIMIT)).isTrue();
        }
    }

    @Test
    void shouldCloseTheConnectionWhenALineNeverEnds() throws Exception {
        try (RawNatsClient nats = RawNatsClient.connect(cluster().awaitLeader().clientPort())) {
            nats.sendRaw(("PUB " + "a".repeat(8192)).getBytes(US_ASCII));
            assertThat(nats.nextLine()).isEqualTo("-ERR 'maximum control line exceeded'");
            assertThat(nats.awaitClosedByServer(LIMIT)).isTrue();
        }
    }

    @Test
    void shouldCloseTheConnectionWhenTheSizesMakeNoSense() throws Exception {
        for (String line : List.of(
                "PUB a -1",
                "PUB a 99999999999999999999",
                "PUB a 1x",
                "PUB",
                "HPUB a 10 5",
                "HPUB a -1 5",
                "SUB",
                "CONNECT {",
                "CONNECT 5")) {
            try (RawNatsClient nats =
                    RawNatsClient.connect(cluster().awaitLeader().clientPort())) {
                nats.send(line);
                assertThat(nats.awaitClosedByServer(LIMIT)).as(line).isTrue();
            }
        }
    }

    @Test
    void shouldSurviveRandomBytes() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] starts = {
            "", "PUB a ", "HPUB a 5 ", "SUB ", "CONNECT {\"", "PING\r\n", "UNSUB ", "MSG ", "PUB a 5\r\nhel"
        };
        for (int i = 0; i < 500; i++) {
            byte[] noise = new byte[random.nextInt(3000)];
            random.nextBytes(noise);
            try (Socket socket = open()) {
                socket.getOutputStream().write(starts[random.nextInt(starts.length)].getBytes(US_ASCII));
                socket.getOutputStream().write(noise);
            } catch (SocketException e) {
                // closed by the node in the middle of the noise, which is its good right
            } catch (IOException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void shouldForgetThousandsOfConnectionsThatWereOpenedAndDropped() throws Exception {
        openAndDrop(500); // fills the caches that stay
        await().atMost(Duration.ofSeconds(30))
                .until(() -> cluster().nodes().get(0).connections() == 0);
        long before = usedHeapBytes();

        openAndDrop(4000);

        await().atMost(Duration.ofSeconds(30))
                .until(() -> cluster().nodes().get(0).connections() == 0);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(usedHeapBytes()).isLessThan(before + (24L << 20)));
    }

    private void openAndDrop(int count) throws IOException {
        List<Socket> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = open();
            some.add(socket);
            String hello = i % 3 == 0 ? "" : i % 3 == 1 ? "CONNECT {}\r\nSUB foo 1\r\nPUB foo 10\r\nhalf" : "PUB";
            write(socket, hello);
            if (some.size() == 200) {
                drop(some);
            }
        }
        drop(some);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static void drop(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.setSoLinger(true, 0); // a reset, the rudest way to leave
            socket.close();
        }
        sockets.clear();
    }

    private Socket open() throws IOException {
        Socket socket = new Socket();
        int port = cluster().nodes().get(0).clientPort();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5000);
        return socket;
    }

    private static long usedHeapBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
