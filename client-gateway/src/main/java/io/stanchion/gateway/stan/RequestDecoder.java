package io.stanchion.gateway.stan;

import io.stanchion.gateway.core.Message;
import io.stanchion.proto.stan.Ack;
import io.stanchion.proto.stan.CloseRequest;
import io.stanchion.proto.stan.ConnectRequest;
import io.stanchion.proto.stan.Ping;
import io.stanchion.proto.stan.SubscriptionRequest;
import io.stanchion.proto.stan.UnsubscribeRequest;
import org.jspecify.annotations.Nullable;

/** Decodes requests; null is garbage. Bytes that are not UTF-8 become U+FFFD, unknown fields are passed over, the last of a field wins. */
final class RequestDecoder {
    private RequestDecoder() {}

    static @Nullable ConnectRequest connect(Message message) {
        ConnectRequest.Builder request = ConnectRequest.newBuilder();
        WireReader in = WireReader.of(message);
        while (in.next()) {
            switch (in.field()) {
                case ConnectRequest.CLIENT_ID_FIELD_NUMBER -> request.setClientId(in.text());
                case ConnectRequest.HEARTBEAT_INBOX_FIELD_NUMBER -> request.setHeartbeatInbox(in.text());
                case ConnectRequest.PROTOCOL_FIELD_NUMBER -> request.setProtocol(in.int32());
                case ConnectRequest.CONN_ID_FIELD_NUMBER -> request.setConnId(in.bytes());
                case ConnectRequest.PING_INTERVAL_FIELD_NUMBER -> request.setPingInterval(in.int32());
                case ConnectRequest.PING_MAX_OUT_FIELD_NUMBER -> request.setPingMaxOut(in.int32());
                default -> {}
            }
        }
        return in.isGarbage() ? null : request.build();
    }

    static @Nullable Ping ping(Message message) {
        Ping.Builder request = Ping.newBuilder();
        WireReader in = WireReader.of(message);
        while (in.next()) {
            if (in.field() == Ping.CONN_ID_FIELD_NUMBER) {
                request.setConnId(in.bytes());
            }
        }
        return in.isGarbage() ? null : request.build();
    }

    static @Nullable SubscriptionRequest subscribe(Message message) {
        SubscriptionRequest.Builder request = SubscriptionRequest.newBuilder();
        WireReader in = WireReader.of(message);
        while (in.next()) {
            switch (in.field()) {
                case SubscriptionRequest.CLIENT_ID_FIELD_NUMBER -> request.setClientId(in.text());
                case SubscriptionRequest.SUBJECT_FIELD_NUMBER -> request.setSubject(in.text());
                case SubscriptionRequest.Q_GROUP_FIELD_NUMBER -> request.setQGroup(in.text());
                case SubscriptionRequest.INBOX_FIELD_NUMBER -> request.setInbox(in.text());
                case SubscriptionRequest.MAX_IN_FLIGHT_FIELD_NUMBER -> request.setMaxInFlight(in.int32());
                case SubscriptionRequest.ACK_WAIT_IN_SECS_FIELD_NUMBER -> request.setAckWaitInSecs(in.int32());
                case SubscriptionRequest.DURABLE_NAME_FIELD_NUMBER -> request.setDurableName(in.text());
                case SubscriptionRequest.START_POSITION_FIELD_NUMBER -> request.setStartPositionValue(in.int32());
                case SubscriptionRequest.START_SEQUENCE_FIELD_NUMBER -> request.setStartSequence(in.int64());
                case SubscriptionRequest.START_TIME_DELTA_FIELD_NUMBER -> request.setStartTimeDelta(in.int64());
                default -> {}
            }
        }
        return in.isGarbage() ? null : request.build();
    }

    static @Nullable UnsubscribeRequest unsubscribe(Message message) {
        UnsubscribeRequest.Builder request = UnsubscribeRequest.newBuilder();
        WireReader in = WireReader.of(message);
        while (in.next()) {
            switch (in.field()) {
                case UnsubscribeRequest.CLIENT_ID_FIELD_NUMBER -> request.setClientId(in.text());
                case UnsubscribeRequest.SUBJECT_FIELD_NUMBER -> request.setSubject(in.text());
                case UnsubscribeRequest.INBOX_FIELD_NUMBER -> request.setInbox(in.text());
                case UnsubscribeRequest.DURABLE_NAME_FIELD_NUMBER -> request.setDurableName(in.text());
                default -> {}
            }
        }
        return in.isGarbage() ? null : request.build();
    }

    static @Nullable CloseRequest close(Message message) {
        CloseRequest.Builder request = CloseRequest.newBuilder();
        WireReader in = WireReader.of(message);
        while (in.next()) {
            if (in.field() == CloseRequest.CLIENT_ID_FIELD_NUMBER) {
                request.setClientId(in.text());
            }
        }
        return in.isGarbage() ? null : request.build();
    }

    /** The sequence of an {@link Ack}; 0, which no message has, if there is none. */
    static long ackedSequence(Message message) {
        long sequence = 0;
        WireReader in = WireReader.of(message);
        while (in.next()) {
            if (in.field() == Ack.SEQUENCE_FIELD_NUMBER) {
                sequence = in.int64();
            } else if (in.field() == Ack.SUBJECT_FIELD_NUMBER) {
                in.isBytes(); // or it is garbage; the inbox says it all
            }
        }
        return in.isGarbage() ? 0 : sequence;
    }
}
