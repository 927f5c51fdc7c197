package io.stanchion.node.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.stanchion.node.it.RawNatsClient.RawMessage;
import io.stanchion.proto.stan.CloseResponse;
import io.stanchion.proto.stan.ConnectResponse;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.proto.stan.PingResponse;
import io.stanchion.proto.stan.PubAck;
import io.stanchion.proto.stan.PubMsg;
import io.stanchion.proto.stan.StartPosition;
import io.stanchion.proto.stan.SubscriptionRequest;
import io.stanchion.proto.stan.SubscriptionResponse;
import io.stanchion.proto.stan.UnsubscribeRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The exact bytes and texts of the streaming protocol, as the client libraries of other languages will see them. */
class WireIT extends ClusterTestBase {
    private static final byte[] EMPTY = {};

    private RawStanClient client;

    private RawStanClient through(Through through) throws IOException {
        client = new RawStanClient(through.of(cluster()).clientPort(), cluster().clusterId());
        return client;
    }

    @AfterEach
    void closeClient() throws IOException {
        client.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheClientItsSubjectsWhenItConnects(Through through) throws Exception {
        ConnectResponse response = through(through).connect("subjects-" + through);

        assertThat(response)
                .isEqualTo(ConnectResponse.newBuilder()
                        .setPubPrefix("_STAN.pub.it-cluster")
                        .setSubRequests("_STAN.sub.it-cluster")
                        .setUnsubRequests("_STAN.unsub.it-cluster")
                        .setCloseRequests("_STAN.close.it-cluster")
                        .setSubCloseRequests("_STAN.subclose.it-cluster")
                        .setPingRequests("_STAN.discover.it-cluster.pings")
                        .setPingInterval(5)
                        .setPingMaxOut(3)
                        .setProtocol(1)
                        .build());
    }

    @ParameterizedTest
    @EnumSource
    void shouldEchoAPingIntervalInMilliseconds(Through through) throws Exception {
        ConnectResponse response = through(through)
                .connect(RawStanClient.connectRequest("millis-" + through, client.newInbox())
                        .setPingInterval(-50)
                        .build());
        assertThat(response.getError()).isEmpty();
        assertThat(response.getPingInterval()).isEqualTo(-50);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseBadConnectRequests(Through through) throws Exception {
        RawStanClient stan = through(through);
        assertThat(stan.connect(RawStanClient.connectRequest("a", "").build()).getError())
                .isEqualTo("stan: invalid connection request");
        for (String clientId : new String[] {"", "a.b", "a b", "a\n", "\u00e4"}) {
            assertThat(stan.connect(RawStanClient.connectRequest(clientId, "inbox")
                                    .build())
                            .getError())
                    .isEqualTo("stan: invalid clientID: only alphanumeric and `-` or `_` characters allowed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAnswerPingsByConnectionId(Through through) throws Exception {
        RawStanClient stan = through(through);
        stan.connect("pinger-" + through);

        assertThat(stan.ping("conn-pinger-" + through)).isEmpty();
        assertThat(PingResponse.parseFrom(stan.ping("conn-of-somebody-else")).getError())
                .isEqualTo("client has been replaced or is no longer registered");
    }

    @ParameterizedTest
    @EnumSource
    void shouldAcknowledgeWithTheGuid(Through through) throws Exception {
        RawStanClient stan = through(through);
        stan.connect("guid-" + through);

        assertThat(stan.publish("guid-" + through, "guid-" + through, "x"))
                .isEqualTo(PubAck.newBuilder().setGuid("guid-x").build());
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseBadPublishes(Through through) throws Exception {
        RawStanClient stan = through(through);
        stan.connect("publisher-" + through);
        PubMsg good = PubMsg.newBuilder()
                .setClientId("publisher-" + through)
                .setGuid("g")
                .setSubject("foo")
                .build();

        for (PubMsg bad : new PubMsg[] {
            good.toBuilder().clearGuid().build(),
            good.toBuilder().setSubject("foo.*").build(),
            good.toBuilder().setSubject("").build(),
            good.toBuilder().setClientId("nobody").build(),
            good.toBuilder().setConnId(ByteString.copyFromUtf8("stale")).build()
        }) {
            assertThat(stan.publish("foo", bad))
                    .isEqualTo(PubAck.newBuilder()
                            .setGuid(bad.getGuid())
                            .setError("stan: invalid publish request")
                            .build());
        }
        assertThat(stan.publish("foo", good).getError()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseBadSubscriptionsWithTheirOwnWords(Through through) throws Exception {
        RawStanClient stan = through(through);
        String name = "sub-" + through;
        stan.connect(name);
        SubscriptionRequest good =
                RawStanClient.subscription(name, "foo", stan.newInbox()).build();
        Map<SubscriptionRequest, String> cases = new LinkedHashMap<>();
        cases.put(good.toBuilder().clearClientId().build(), "stan: clientID missing");
        cases.put(good.toBuilder().setAckWaitInSecs(0).build(), "stan: invalid ack wait time, should be >= 1s");
        cases.put(good.toBuilder().setMaxInFlight(0).build(), "stan: invalid MaxInflight, should be >= 1");
        cases.put(good.toBuilder().setStartPositionValue(7).build(), "stan: invalid start position");
        cases.put(good.toBuilder().setSubject("foo.>").build(), "stan: invalid subject");
        cases.put(good.toBuilder().setClientId("nobody").build(), "stan: unknown clientID");
        cases.put(
                good.toBuilder().setQGroup("g").setDurableName("a:b").build(),
                "stan: durable name of a durable queue subscriber can't contain the character ':'");
        for (Map.Entry<SubscriptionRequest, String> one : cases.entrySet()) {
            SubscriptionResponse response = stan.subscribe(one.getKey());
            assertThat(response.getError()).isEqualTo(one.getValue());
            assertThat(response.getAckInbox()).isEmpty();
        }
        assertThat(stan.subscribe(good).getAckInbox()).startsWith("_INBOX.");
    }

    @ParameterizedTest
    @EnumSource
    void shouldAnswerUnsubscribeAndCloseWithEmptyPayloads(Through through) throws Exception {
        RawStanClient stan = through(through);
        String name = "leaver-" + through;
        stan.connect(name);
        UnsubscribeRequest first = leave(stan, name);
        UnsubscribeRequest second = leave(stan, name);

        assertThat(stan.request("_STAN.unsub.it-cluster", first)).isEmpty();
        assertThat(stan.request("_STAN.subclose.it-cluster", second)).isEmpty();
        assertThat(stan.unsubscribe(first).getError()).isEqualTo("stan: invalid subscription");
        assertThat(stan.closeSubscription(
                                second.toBuilder().setSubject("never-seen").build())
                        .getError())
                .isEqualTo("stan: unknown channel");
        assertThat(stan.closeSession(name)).isEmpty();
        assertThat(CloseResponse.parseFrom(stan.closeSession(name)).getError()).isEqualTo("stan: unknown clientID");
    }

    private static UnsubscribeRequest leave(RawStanClient stan, String name) throws IOException {
        SubscriptionResponse subscribed =
                stan.subscribe(RawStanClient.subscription(name, "leaving-" + name, stan.newInbox())
                        .build());
        return UnsubscribeRequest.newBuilder()
                .setClientId(name)
                .setSubject("leaving-" + name)
                .setInbox(subscribed.getAckInbox())
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindASubscriptionByItsDeliveryInboxToo(Through through) throws Exception {
        RawStanClient stan = through(through);
        String name = "by-inbox-" + through;
        stan.connect(name);
        String inbox = stan.newInbox();
        stan.subscribe(RawStanClient.subscription(name, name, inbox).build());

        assertThat(stan.closeSubscription(UnsubscribeRequest.newBuilder()
                                .setClientId(name)
                                .setSubject(name)
                                .setInbox(inbox)
                                .build())
                        .getError())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldCountRedeliveries(Through through) throws Exception {
        RawStanClient stan = through(through);
        String name = "count-" + through;
        stan.connect(name);
        String inbox = stan.newInbox();
        BlockingQueue<RawMessage> deliveries = stan.nats().subscribe(inbox);
        SubscriptionResponse subscribed = stan.subscribe(RawStanClient.subscription(name, name, inbox)
                .setAckWaitInSecs(1)
                .setStartPosition(StartPosition.First)
                .build());
        stan.publish(name, name, "x");

        MsgProto first = RawStanClient.take(deliveries);
        assertThat(first.getSequence()).isEqualTo(1);
        assertThat(first.getSubject()).isEqualTo(name);
        assertThat(first.getData().toStringUtf8()).isEqualTo("x");
        assertThat(first.getTimestamp()).isPositive();
        assertThat(first.getRedelivered()).isFalse();
        for (int count = 1; count <= 2; count++) {
            MsgProto again = RawStanClient.take(deliveries);
            assertThat(again)
                    .isEqualTo(first.toBuilder()
                            .setRedelivered(true)
                            .setRedeliveryCount(count)
                            .build());
        }
        stan.ack(subscribed.getAckInbox(), name, 1);
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepPublishesBeforeACloseOfTheSameConnection(Through through) throws Exception {
        RawStanClient stan = through(through);
        String name = "hasty-" + through;
        stan.connect(name);
        String acks = stan.newInbox();
        BlockingQueue<RawMessage> answers = stan.nats().subscribe(acks);
        for (int i = 0; i < 1000; i++) {
            stan.nats()
                    .publish(
                            "_STAN.pub.it-cluster." + name,
                            acks,
                            PubMsg.newBuilder()
                                    .setClientId(name)
                                    .setGuid("g" + i)
                                    .setSubject(name)
                                    .build()
                                    .toByteArray());
        }

        assertThat(stan.closeSession(name)).isEmpty();
        for (int i = 0; i < 1000; i++) {
            PubAck ack = PubAck.parseFrom(
                    RawNatsClient.take(answers, "acknowledgement " + i).payload());
            assertThat(ack).isEqualTo(PubAck.newBuilder().setGuid("g" + i).build());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTreatEmptyRequestsAsMessagesWithoutFields(Through through) throws Exception {
        RawStanClient stan = through(through);
        assertThat(ConnectResponse.parseFrom(stan.request(stan.discoverSubject(), EMPTY))
                        .getError())
                .isEqualTo("stan: invalid connection request");
        assertThat(PubAck.parseFrom(stan.request("_STAN.pub.it-cluster.foo", EMPTY))
                        .getError())
                .isEqualTo("stan: invalid publish request");
        assertThat(SubscriptionResponse.parseFrom(stan.request("_STAN.sub.it-cluster", EMPTY))
                        .getError())
                .isEqualTo("stan: clientID missing");
        assertThat(SubscriptionResponse.parseFrom(stan.request("_STAN.unsub.it-cluster", EMPTY))
                        .getError())
                .isEqualTo("stan: unknown channel");
        assertThat(CloseResponse.parseFrom(stan.request("_STAN.close.it-cluster", EMPTY))
                        .getError())
                .isEqualTo("stan: unknown clientID");
    }
}
