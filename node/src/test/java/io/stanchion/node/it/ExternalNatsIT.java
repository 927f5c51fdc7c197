package io.stanchion.node.it;

import static io.stanchion.node.it.ClusterTestBase.options;
import static io.stanchion.node.it.ClusterTestBase.publish;
import static io.stanchion.node.it.ClusterTestBase.subscribe;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.nats.client.Connection;
import io.nats.streaming.StreamingConnection;
import io.stanchion.node.it.RawNatsClient.RawMessage;
import io.stanchion.proto.stan.ConnectResponse;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.proto.stan.PubAck;
import io.stanchion.proto.stan.PubMsg;
import io.stanchion.proto.stan.SubscriptionResponse;
import io.stanchion.proto.stan.UnsubscribeRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One node whose clients are at a NATS server elsewhere. */
class ExternalNatsIT {
    private static final int PAYLOAD_MAX = 2_000;

    private PlainNats nats;
    private TestCluster single;

    @BeforeEach
    void start() throws IOException {
        nats = new PlainNats(PAYLOAD_MAX);
        single = TestCluster.start(1, List.of(nats.setting()));
    }

    @AfterEach
    void stop() throws Exception {
        nats.close();
        if (single != null) {
            single.close();
        }
    }

    private StreamingConnection open(String clientId) throws IOException, InterruptedException {
        return nats.open(single.clusterId(), clientId);
    }

    private TestNode node() {
        return single.nodes().get(0);
    }

    @Test
    void shouldServeClientsOfANatsServerElsewhere() throws Exception {
        StreamingConnection session = open("me");
        Received first = new Received();
        var subscription =
                subscribe(session, "orders", first, options().durableName("d").deliverAllAvailable());
        publish(session, "orders", "1", "2", "3");
        first.awaitTexts("1", "2", "3");
        subscription.close();
        publish(session, "orders", "4");

        Received resumed = subscribe(session, "orders", options().durableName("d"));
        resumed.awaitTexts("4");
    }

    @Test
    void shouldRedeliverWhatIsNotAcknowledged() throws Exception {
        StreamingConnection session = open("lazy");
        Received received = subscribe(session, "work", options().manualAcks().ackWait(Duration.ofSeconds(1)));
        publish(session, "work", "1");

        received.awaitCount(2);

        assertThat(received.all().get(1).isRedelivered()).isTrue();
    }

    @Test
    void shouldListenOnNoPortForClients() {
        assertThat(node().isReady()).isTrue();
        assertThat(node().connections()).isZero();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), node().clientPort()).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void shouldRefuseToStartBesideAnotherServerOfTheSameCluster() throws Exception {
        assertThatThrownBy(() -> TestCluster.start(1, List.of(nats.setting())))
                .isInstanceOf(Throwable.class)
                .hasStackTraceContaining("discovered another streaming server with cluster ID \"it-cluster\"");

        publish(open("undisturbed"), "orders", "1");
    }

    @Test
    void shouldRefuseAClientIdInUseAndReplaceADeadOneAtOnce() throws Exception {
        Connection through = nats.connect();
        nats.open(single.clusterId(), "mine", through);
        assertThatThrownBy(() -> open("mine")).hasMessage("stan: clientID already registered");

        through.close(); // no CloseRequest
        long began = System.nanoTime();
        StreamingConnection again = open("mine");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        publish(again, "orders", "1");
    }

    @Test
    void shouldGoOnWhenNatsWasAway() throws Exception {
        StreamingConnection session = open("patient");
        Received received = subscribe(session, "orders", options());
        publish(session, "orders", "1");
        received.awaitTexts("1");

        nats.stop();
        await().until(() -> node().health().contains("not connected to NATS at " + nats.url()));
        nats.start();
        single.awaitReady();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> session.getNatsConnection().getStatus() == Connection.Status.CONNECTED);
        publish(session, "orders", "2");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(received.texts()).startsWith("1").endsWith("2"));
    }

    @Test
    void shouldDeliverWhatItAcceptsAndRefuseWhatNoSubscriberCouldBeSent() throws Exception {
        StreamingConnection session = open("big");
        Received received = subscribe(session, "big", options());
        try (RawStanClient raw = new RawStanClient(nats.port(), single.clusterId())) {
            raw.connect("r");
            int accepted = 0;
            int refused = 0;
            for (int size = PAYLOAD_MAX - 100; size < PAYLOAD_MAX - 10; size++) {
                PubMsg message = PubMsg.newBuilder()
                        .setClientId("r")
                        .setGuid("g")
                        .setSubject("big")
                        .setData(ByteString.copyFrom(new byte[size]))
                        .build();
                if (message.getSerializedSize() > PAYLOAD_MAX) {
                    break;
                }
                PubAck ack = raw.publish("big", message);
                if (ack.getError().isEmpty()) {
                    accepted++;
                } else {
                    assertThat(ack.getError()).isEqualTo("nats: maximum payload exceeded");
                    refused++;
                }
            }
            assertThat(refused).isPositive();
            received.awaitCount(accepted);
        }
        publish(session, "big", "after");
        await().untilAsserted(() -> assertThat(received.texts()).endsWith("after"));
    }

    @Test
    void shouldDoWhatOneConnectionAsksInItsOrder() throws Exception {
        try (RawStanClient raw = new RawStanClient(nats.port(), single.clusterId())) {
            raw.connect("c");
            String inbox = raw.newInbox();
            BlockingQueue<RawMessage> deliveries = raw.nats().subscribe(inbox);
            SubscriptionResponse response = raw.subscribe(RawStanClient.subscription("c", "ordered", inbox)
                    .setDurableName("d")
                    .build());
            for (int i = 1; i <= 100; i++) {
                raw.publish("c", "ordered", Integer.toString(i));
            }
            for (int i = 1; i <= 100; i++) {
                MsgProto delivered = RawStanClient.take(deliveries);
                assertThat(delivered.getSequence()).isEqualTo(i);
                raw.ack(response.getAckInbox(), "ordered", i);
            }
            for (int i = 101; i <= 200; i++) {
                byte[] message = PubMsg.newBuilder()
                        .setClientId("c")
                        .setGuid("g" + i)
                        .setSubject("ordered")
                        .setData(ByteString.copyFrom(Integer.toString(i), UTF_8))
                        .build()
                        .toByteArray();
                raw.nats().publish("_STAN.pub." + single.clusterId() + ".ordered", null, message);
            }
            raw.closeSubscription(UnsubscribeRequest.newBuilder()
                    .setClientId("c")
                    .setSubject("ordered")
                    .setInbox(response.getAckInbox())
                    .build());
            assertThat(raw.closeSession("c")).isEmpty();

            assertThat(raw.connect("c")).returns("", ConnectResponse::getError);
            String again = raw.newInbox();
            BlockingQueue<RawMessage> resumed = raw.nats().subscribe(again);
            raw.subscribe(RawStanClient.subscription("c", "ordered", again)
                    .setDurableName("d")
                    .build());
            for (int i = 101; i <= 200; i++) {
                assertThat(RawStanClient.take(resumed).getSequence()).isEqualTo(i);
            }
        }
    }
}
