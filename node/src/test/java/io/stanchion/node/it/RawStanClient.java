package io.stanchion.node.it;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.stanchion.node.it.RawNatsClient.RawMessage;
import io.stanchion.proto.stan.Ack;
import io.stanchion.proto.stan.CloseRequest;
import io.stanchion.proto.stan.ConnectRequest;
import io.stanchion.proto.stan.ConnectResponse;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.proto.stan.Ping;
import io.stanchion.proto.stan.PubAck;
import io.stanchion.proto.stan.PubMsg;
import io.stanchion.proto.stan.SubscriptionRequest;
import io.stanchion.proto.stan.SubscriptionResponse;
import io.stanchion.proto.stan.UnsubscribeRequest;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;

/** The streaming protocol message by message, for what the public client libraries cannot say or do not show. */
final class RawStanClient implements AutoCloseable {
    private final RawNatsClient nats;
    private final String clusterId;
    private final String inboxPrefix =
            "_INBOX.raw" + Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
    private int lastInbox;

    RawStanClient(int port, String clusterId) throws IOException {
        nats = RawNatsClient.connect(port);
        this.clusterId = clusterId;
    }

    RawNatsClient nats() {
        return nats;
    }

    String newInbox() {
        return inboxPrefix + "." + ++lastInbox;
    }

    /** Sends bytes and returns the bytes of the answer. */
    byte[] request(String subject, byte[] payload) throws IOException {
        String inbox = newInbox();
        BlockingQueue<RawMessage> answers = nats.subscribe(inbox);
        nats.publish(subject, inbox, payload);
        return RawNatsClient.take(answers, "an answer on " + subject).payload().toByteArray();
    }

    byte[] request(String subject, MessageLite request) throws IOException {
        return request(subject, request.toByteArray());
    }

    ConnectResponse connect(ConnectRequest request) throws IOException {
        return ConnectResponse.parseFrom(request(discoverSubject(), request));
    }

    /** Opens a session whose heartbeats are answered by nobody but whose inbox has a subscriber. */
    ConnectResponse connect(String clientId) throws IOException {
        String heartbeats = newInbox();
        nats.subscribe(heartbeats);
        return connect(connectRequest(clientId, heartbeats).build());
    }

    static ConnectRequest.Builder connectRequest(String clientId, String heartbeatInbox) {
        return ConnectRequest.newBuilder()
                .setClientId(clientId)
                .setHeartbeatInbox(heartbeatInbox)
                .setProtocol(1)
                .setConnId(ByteString.copyFromUtf8("conn-" + clientId))
                .setPingInterval(5)
                .setPingMaxOut(3);
    }

    PubAck publish(String channel, PubMsg message) throws IOException {
        return PubAck.parseFrom(request("_STAN.pub." + clusterId + "." + channel, message));
    }

    PubAck publish(String clientId, String channel, String text) throws IOException {
        return publish(
                channel,
                PubMsg.newBuilder()
                        .setClientId(clientId)
                        .setGuid("guid-" + text)
                        .setSubject(channel)
                        .setData(ByteString.copyFromUtf8(text))
                        .build());
    }

    SubscriptionResponse subscribe(SubscriptionRequest request) throws IOException {
        return SubscriptionResponse.parseFrom(request("_STAN.sub." + clusterId, request));
    }

    static SubscriptionRequest.Builder subscription(String clientId, String channel, String inbox) {
        return SubscriptionRequest.newBuilder()
                .setClientId(clientId)
                .setSubject(channel)
                .setInbox(inbox)
                .setMaxInFlight(1024)
                .setAckWaitInSecs(30);
    }

    SubscriptionResponse unsubscribe(UnsubscribeRequest request) throws IOException {
        return SubscriptionResponse.parseFrom(request("_STAN.unsub." + clusterId, request));
    }

    SubscriptionResponse closeSubscription(UnsubscribeRequest request) throws IOException {
        return SubscriptionResponse.parseFrom(request("_STAN.subclose." + clusterId, request));
    }

    byte[] closeSession(String clientId) throws IOException {
        return request(
                "_STAN.close." + clusterId,
                CloseRequest.newBuilder().setClientId(clientId).build());
    }

    byte[] ping(String connId) throws IOException {
        return request(
                discoverSubject() + ".pings",
                Ping.newBuilder().setConnId(ByteString.copyFromUtf8(connId)).build());
    }

    void ack(String ackInbox, String channel, long sequence) throws IOException {
        nats.publish(
                ackInbox,
                null,
                Ack.newBuilder()
                        .setSubject(channel)
                        .setSequence(sequence)
                        .build()
                        .toByteArray());
    }

    static MsgProto take(BlockingQueue<RawMessage> deliveries) throws InvalidProtocolBufferException {
        return MsgProto.parseFrom(RawNatsClient.take(deliveries, "a delivery").payload());
    }

    String discoverSubject() {
        return "_STAN.discover." + clusterId;
    }

    @Override
    public void close() throws IOException {
        nats.close();
    }
}
