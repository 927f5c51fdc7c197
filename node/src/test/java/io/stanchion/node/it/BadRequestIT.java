package io.stanchion.node.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import io.stanchion.node.it.RawNatsClient.RawMessage;
import io.stanchion.proto.stan.CloseRequest;
import io.stanchion.proto.stan.CloseResponse;
import io.stanchion.proto.stan.ConnectResponse;
import io.stanchion.proto.stan.PubAck;
import io.stanchion.proto.stan.SubscriptionResponse;
import io.stanchion.proto.stan.UnsubscribeRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each field of each request missing, oversized, negative, not UTF-8 and of a wrong wire type, made from the descriptors. A wrong wire
 * type is always the subject's own "invalid request"; what else is refused, and in which words, is in {@link #REFUSED}; the rest the
 * reference does not look at, and accepts. The node stays well, and a neighbour notices nothing.
 */
class BadRequestIT extends ConformanceTestBase {
    private static final ByteString NOT_UTF8 = ByteString.copyFrom(new byte[] {(byte) 0xC3, 0x28, (byte) 0xFF});
    private static final ByteString OVERSIZED = ByteString.copyFrom(new byte[200_000]);

    /** A channel that nobody subscribes to. */
    private static final String EXISTING = "existing";

    private static final Map<String, String> REFUSED = refused(
            List.of(
                    "stan: invalid connection request",
                    "CONNECT empty",
                    "CONNECT no heartbeat_inbox",
                    "CONNECT oversized heartbeat_inbox",
                    "CONNECT oversized conn_id"),
            List.of(
                    "stan: invalid clientID: only alphanumeric and `-` or `_` characters allowed",
                    "CONNECT no client_id",
                    "CONNECT oversized client_id",
                    "CONNECT not UTF-8 client_id"),
            List.of(
                    "stan: invalid publish request",
                    "PUBLISH empty",
                    "PUBLISH no client_id",
                    "PUBLISH oversized client_id",
                    "PUBLISH not UTF-8 client_id",
                    "PUBLISH no guid",
                    "PUBLISH no subject",
                    "PUBLISH oversized subject",
                    "PUBLISH oversized conn_id",
                    "PUBLISH not UTF-8 conn_id"),
            List.of("stan: clientID missing", "SUBSCRIBE empty", "SUBSCRIBE no client_id"),
            List.of(
                    "stan: unknown clientID",
                    "SUBSCRIBE oversized client_id",
                    "SUBSCRIBE not UTF-8 client_id",
                    "CLOSE empty",
                    "CLOSE no client_id",
                    "CLOSE oversized client_id",
                    "CLOSE not UTF-8 client_id"),
            List.of("stan: invalid subject", "SUBSCRIBE no subject", "SUBSCRIBE oversized subject"),
            List.of(
                    "stan: invalid subscription request",
                    "SUBSCRIBE oversized inbox",
                    "SUBSCRIBE oversized q_group",
                    "SUBSCRIBE oversized durable_name"),
            List.of(
                    "stan: invalid MaxInflight, should be >= 1",
                    "SUBSCRIBE no max_in_flight",
                    "SUBSCRIBE -1 for max_in_flight",
                    "SUBSCRIBE -2147483648 for max_in_flight",
                    "SUBSCRIBE -9223372036854775808 for max_in_flight"),
            List.of(
                    "stan: invalid ack wait time, should be >= 1s",
                    "SUBSCRIBE no ack_wait_in_secs",
                    "SUBSCRIBE -1 for ack_wait_in_secs",
                    "SUBSCRIBE -2147483648 for ack_wait_in_secs",
                    "SUBSCRIBE -9223372036854775808 for ack_wait_in_secs"),
            List.of(
                    "stan: invalid start position",
                    "SUBSCRIBE -1 for start_position",
                    "SUBSCRIBE -2147483648 for start_position",
                    "SUBSCRIBE 2147483647 for start_position"),
            List.of(
                    "stan: unknown channel",
                    "UNSUBSCRIBE empty",
                    "UNSUBSCRIBE no subject",
                    "UNSUBSCRIBE oversized subject",
                    "SUBSCRIPTION_CLOSE empty",
                    "SUBSCRIPTION_CLOSE no subject",
                    "SUBSCRIPTION_CLOSE oversized subject"));

    BadRequestIT() {
        super(SubscribeConformanceIT.SETTINGS);
    }

    /** A kind of request, with the error of its own for what cannot be read. */
    private enum Kind {
        CONNECT("_STAN.discover.it-cluster", "stan: invalid connection request"),
        PUBLISH("_STAN.pub.it-cluster.bad", "stan: invalid publish request"),
        SUBSCRIBE("_STAN.sub.it-cluster", "stan: invalid subscription request"),
        UNSUBSCRIBE("_STAN.unsub.it-cluster", "stan: invalid unsubscribe request"),
        SUBSCRIPTION_CLOSE("_STAN.subclose.it-cluster", "stan: invalid unsubscribe request"),
        CLOSE("_STAN.close.it-cluster", "stan: invalid close request");

        private final String subject;
        private final String invalid;

        Kind(String subject, String invalid) {
            this.subject = subject;
            this.invalid = invalid;
        }

        /** What a well-formed request that names nothing is told. */
        String otherwise(String error) {
            boolean ends = this == UNSUBSCRIBE || this == SUBSCRIPTION_CLOSE;
            return error.isEmpty() && ends ? "stan: invalid subscription" : error;
        }

        Message good(String clientId) {
            return switch (this) {
                case CONNECT ->
                    RawStanClient.connectRequest(clientId, "_INBOX.beat").build();
                case PUBLISH -> message("bad", "x").setClientId(clientId).build();
                case SUBSCRIBE ->
                    RawStanClient.subscription(clientId, "bad", "_INBOX.bad").build();
                case UNSUBSCRIBE, SUBSCRIPTION_CLOSE ->
                    UnsubscribeRequest.newBuilder()
                            .setClientId(clientId)
                            .setSubject(EXISTING)
                            .setInbox("_INBOX.nobody")
                            .build();
                case CLOSE -> CloseRequest.newBuilder().setClientId(clientId).build();
            };
        }

        /** Read without the generated classes: a PubAck gives back a guid as it came, UTF-8 or not. */
        String error(ByteString answer) throws IOException {
            int field = switch (this) {
                case CONNECT -> ConnectResponse.ERROR_FIELD_NUMBER;
                case PUBLISH -> PubAck.ERROR_FIELD_NUMBER;
                case SUBSCRIBE, UNSUBSCRIBE, SUBSCRIPTION_CLOSE -> SubscriptionResponse.ERROR_FIELD_NUMBER;
                case CLOSE -> CloseResponse.ERROR_FIELD_NUMBER;
            };
            return UnknownFieldSet.parseFrom(answer).getField(field).getLengthDelimitedList().stream()
                    .map(ByteString::toStringUtf8)
                    .collect(Collectors.joining());
        }
    }

    private record Case(String name, ByteString payload, boolean unreadable) {
        Case(String name, byte[] payload, boolean unreadable) {
            this(name, ByteString.copyFrom(payload), unreadable);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEADER_LOST")
    @DisplayName("row 1, and every field of every request")
    void shouldAnswerEveryMalformedRequestAndDisturbNobody(Way way) throws Exception {
        String channel = unused();
        RawSession neighbour = session(way);
        RawSubscription subscription = neighbour.subscribe(channel, options -> options);
        neighbour.publish(EXISTING, "so that the channel exists");
        RawStanClient stan = connection(way);
        for (Kind kind : Kind.values()) {
            String victim = unused();
            stan.connect(victim);
            for (Case bad : cases(kind.good(victim))) {
                String error = kind.error(answer(stan, kind, bad));
                String what = kind + " " + bad.name;
                String expected = bad.unreadable ? kind.invalid : kind.otherwise(REFUSED.getOrDefault(what, ""));
                assertThat(error).as(what).isEqualTo(expected);
            }
            neighbour.publish(channel, "after " + kind);
            subscription.awaitNew("after " + kind);
        }
        for (TestNode node : world().nodes(way).nodes()) {
            assertThat(node.isReady()).isTrue();
        }
    }

    private static ByteString answer(RawStanClient stan, Kind kind, Case bad) throws IOException {
        String inbox = stan.newInbox();
        BlockingQueue<RawMessage> answers = stan.nats().subscribe(inbox);
        stan.nats().publish(kind.subject, inbox, bad.payload.toByteArray());
        return RawNatsClient.take(answers, "an answer to " + kind + " " + bad.name)
                .payload();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEADER_LOST")
    @DisplayName("1.1: a missing field of each request, in the words of the reference")
    void shouldSayWhatIsMissing(Way way) throws Exception {
        RawSession session = session(way);
        RawStanClient stan = session.stan();
        String name = session.clientId();
        String[][] expected = {
            {"CONNECT", "client_id", "stan: invalid clientID: only alphanumeric and `-` or `_` characters allowed"},
            {"CONNECT", "heartbeat_inbox", "stan: invalid connection request"},
            {"PUBLISH", "client_id", "stan: invalid publish request"},
            {"PUBLISH", "guid", "stan: invalid publish request"},
            {"PUBLISH", "subject", "stan: invalid publish request"},
            {"PUBLISH", "data", ""},
            {"SUBSCRIBE", "client_id", "stan: clientID missing"},
            {"SUBSCRIBE", "subject", "stan: invalid subject"},
            {"SUBSCRIBE", "max_in_flight", "stan: invalid MaxInflight, should be >= 1"},
            {"SUBSCRIBE", "ack_wait_in_secs", "stan: invalid ack wait time, should be >= 1s"},
            {"UNSUBSCRIBE", "subject", "stan: unknown channel"},
            {"UNSUBSCRIBE", "inbox", "stan: invalid subscription"},
            {"SUBSCRIPTION_CLOSE", "subject", "stan: unknown channel"},
            {"SUBSCRIPTION_CLOSE", "inbox", "stan: invalid subscription"},
            {"CLOSE", "client_id", "stan: unknown clientID"},
        };
        session.publish(EXISTING, "so that the channel exists");
        for (String[] row : expected) {
            Kind kind = Kind.valueOf(row[0]);
            Message good = kind.good(name);
            FieldDescriptor field = good.getDescriptorForType().findFieldByName(row[1]);
            byte[] payload = good.toBuilder().clearField(field).build().toByteArray();
            assertThat(kind.error(answer(stan, kind, new Case(row[1], payload, false))))
                    .as(row[0] + " without " + row[1])
                    .isEqualTo(row[2]);
        }
    }

    /** Each list has an error, and the requests that get it. */
    @SafeVarargs
    private static Map<String, String> refused(List<String>... errors) {
        Map<String, String> refused = new HashMap<>();
        for (List<String> error : errors) {
            error.stream().skip(1).forEach(request -> refused.put(request, error.get(0)));
        }
        return refused;
    }

    private static List<Case> cases(Message good) throws IOException {
        Descriptor type = good.getDescriptorForType();
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("empty", new byte[0], false));
        cases.add(new Case("garbage", "dummy".getBytes(US_ASCII), true));
        byte[] whole = good.toByteArray();
        cases.add(new Case("cut off", Arrays.copyOf(whole, whole.length - 1), true));
        for (FieldDescriptor field : type.getFields()) {
            byte[] rest = good.toBuilder().clearField(field).build().toByteArray();
            int number = field.getNumber();
            cases.add(new Case("no " + field.getName(), rest, false));
            if (field.getLiteType().getWireType() == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                cases.add(new Case("oversized " + field.getName(), withBytes(rest, number, OVERSIZED), false));
                cases.add(new Case("not UTF-8 " + field.getName(), withBytes(rest, number, NOT_UTF8), false));
                cases.add(new Case("number for " + field.getName(), withNumber(rest, number, 7), true));
            } else {
                for (long value : new long[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, Long.MIN_VALUE}) {
                    cases.add(new Case(value + " for " + field.getName(), withNumber(rest, number, value), false));
                }
                cases.add(new Case("bytes for " + field.getName(), withBytes(rest, number, NOT_UTF8), true));
            }
        }
        return cases;
    }

    private static byte[] withBytes(byte[] rest, int number, ByteString value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeRawBytes(rest);
        out.writeBytes(number, value);
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] withNumber(byte[] rest, int number, long value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeRawBytes(rest);
        out.writeInt64(number, value);
        out.flush();
        return bytes.toByteArray();
    }
}
