package io.stanchion.gateway.stan;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Subject;
import io.stanchion.proto.stan.MsgProto;
import io.stanchion.proto.stan.PubAck;
import io.stanchion.proto.stan.PubMsg;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PublishRequestsTest {
    private static final String PUB = "_STAN.pub.test-cluster.orders";
    private static final PubMsg PUBLISH = PubMsg.newBuilder()
            .setClientId("me")
            .setGuid("guid-1")
            .setSubject("orders")
            .setReply("answer.me")
            .setData(ByteString.copyFromUtf8("hello"))
            .setConnId(ByteString.copyFromUtf8("conn"))
            .setSha256(ByteString.copyFromUtf8("whatever"))
            .build();

    private final ServiceFixture stan = new ServiceFixture();

    @Test
    void shouldHandARecordToTheLogAndAckWhenItIsStored() throws Exception {
        stan.ask(PUB, PUBLISH);
        Publication publication = onlyPublication();

        assertThat(publication.channel()).isEqualTo("orders");
        assertThat(publication.connId()).isEqualTo(ByteString.copyFromUtf8("conn"));
        assertThat(publication.clientId()).isEmpty();
        assertThat(record(publication)).isEqualTo(recordOf(PUBLISH));
        assertThat(stan.answers).isEmpty();
        publication.onStored();
        assertThat(ack()).isEqualTo(PubAck.newBuilder().setGuid("guid-1").build());
    }

    @Test
    void shouldNameTheClientWhenThereIsNoConnectionId() {
        stan.ask(PUB, PUBLISH.toBuilder().clearConnId().build());

        assertThat(onlyPublication().clientId()).isEqualTo("me");
        assertThat(onlyPublication().connId()).isEqualTo(ByteString.EMPTY);
    }

    @Test
    void shouldTellWhyAMessageIsNotStored() throws Exception {
        stan.ask(PUB, PUBLISH);
        onlyPublication().onRefused("too many channels");

        assertThat(ack())
                .isEqualTo(PubAck.newBuilder()
                        .setGuid("guid-1")
                        .setError("too many channels")
                        .build());
    }

    @Test
    void shouldRefuseGarbageWithAnEmptyGuid() throws Exception {
        byte[] guidAsNumber = {0x10, 1};
        byte[] cutOff = Arrays.copyOf(PUBLISH.toByteArray(), 3);
        for (byte[] payload : List.of(ServiceFixture.GARBAGE, guidAsNumber, cutOff, new byte[0])) {
            stan.ask(PUB, payload);
            assertThat(ack())
                    .isEqualTo(PubAck.newBuilder()
                            .setError("stan: invalid publish request")
                            .build());
        }
        assertThat(stan.log.publications).isEmpty();
    }

    @Test
    void shouldRefuseAMessageWithoutGuidOrWithABadChannel() throws Exception {
        stan.ask(PUB, PUBLISH.toBuilder().clearGuid().build());
        assertThat(ack().getError()).isEqualTo("stan: invalid publish request");
        for (String channel : List.of("", ".a", "a.", "a..b", "a/b", "a.*", "a.>", "*", "a*b", ".")) {
            stan.ask(PUB, PUBLISH.toBuilder().setSubject(channel).build());
            assertThat(ack())
                    .as(channel)
                    .isEqualTo(PubAck.newBuilder()
                            .setGuid("guid-1")
                            .setError("stan: invalid publish request")
                            .build());
        }
        assertThat(stan.log.publications).isEmpty();
    }

    @Test
    void shouldRefuseNamesThatWouldOutweighAnyMessage() throws Exception {
        String name = "x".repeat(1025);
        for (PubMsg tooLong : List.of(
                PUBLISH.toBuilder().setSubject(name).build(),
                PUBLISH.toBuilder().setClientId(name).build(),
                PUBLISH.toBuilder().setConnId(ByteString.copyFromUtf8(name)).build())) {
            stan.ask(PUB, tooLong);
            assertThat(ack().getError()).isEqualTo("stan: invalid publish request");
        }
        assertThat(stan.log.publications).isEmpty();
    }

    @Test
    void shouldTakeAnyOtherChannelName() {
        for (String channel : List.of("a", "a.b", "with blank", "\u0001", "é", "x".repeat(1000))) {
            stan.ask(PUB, PUBLISH.toBuilder().setSubject(channel).build());
            assertThat(stan.log
                            .publications
                            .get(stan.log.publications.size() - 1)
                            .channel())
                    .isEqualTo(channel);
        }
        assertThat(stan.answers).isEmpty();
    }

    @Test
    void shouldEchoAGuidThatIsNoText() {
        byte[] payload = {0x12, 2, (byte) 0xff, (byte) 0xfe, 0x1a, 1, 'a'};
        stan.ask(PUB, payload);
        onlyPublication().onStored();

        assertThat(stan.answer()).containsExactly(0x0a, 2, 0xff, 0xfe);
    }

    @Test
    void shouldPassOverUnknownFieldsAndTakeTheLastOfAField() {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.writeBytes(new byte[] {0x38, 5}); // 7: varint
        payload.writeBytes(new byte[] {0x41, 1, 2, 3, 4, 5, 6, 7, 8}); // 8: fixed64
        payload.writeBytes(new byte[] {0x4d, 1, 2, 3, 4}); // 9: fixed32
        payload.writeBytes(new byte[] {0x5b, 0x08, 1, 0x63, 0x64, 0x5c}); // 11: group with another inside
        payload.writeBytes(PUBLISH.toByteArray());
        payload.writeBytes(PubMsg.newBuilder().setSubject("later").build().toByteArray());
        stan.ask(PUB, payload.toByteArray());

        assertThat(onlyPublication().channel()).isEqualTo("later");
        assertThat(record(onlyPublication())).isEqualTo(recordOf(PUBLISH));
    }

    @Test
    void shouldServeAMessageThatWantsNoAck() {
        stan.tell(PUB, PUBLISH);
        stan.tell(PUB, PUBLISH.toBuilder().clearGuid().build());
        stan.log.publications.get(0).onStored();
        stan.log.publications.get(0).onRefused("no");

        assertThat(stan.log.publications).hasSize(1);
        assertThat(stan.answers).isEmpty();
    }

    @Test
    void shouldSkipTheHeadersOfNats() throws Exception {
        byte[] headers = "NATS/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        ByteBuf content = Unpooled.wrappedBuffer(headers, PUBLISH.toByteArray());
        stan.router.publish(new Message(Subject.of(PUB), Subject.of(ServiceFixture.INBOX), headers.length, content));

        assertThat(record(onlyPublication())).isEqualTo(recordOf(PUBLISH));
        assertThat(stan.counters.bytesIn()).isEqualTo(PUBLISH.getSerializedSize());
    }

    @Test
    void shouldHoldTheNetworkBufferOnlyUntilTheRecordIsWritten() {
        ByteBuf content = Unpooled.wrappedBuffer(PUBLISH.toByteArray());
        Message message = new Message(Subject.of(PUB), Subject.of(ServiceFixture.INBOX), 0, content);
        stan.router.publish(message);
        assertThat(content.refCnt()).isEqualTo(2);
        record(onlyPublication());
        assertThat(content.refCnt()).isEqualTo(1);
        onlyPublication().onRefused("late");
        assertThat(content.refCnt()).isEqualTo(1);

        stan.log.publications.clear();
        stan.router.publish(message);
        onlyPublication().onRefused("never written");
        assertThat(content.refCnt()).isEqualTo(1);
        assertThat(stan.answers).hasSize(2);
    }

    @Test
    void shouldWriteNothingForAnEmptyMessage() {
        stan.ask(PUB, PUBLISH.toBuilder().clearReply().clearData().build());

        assertThat(onlyPublication().recordBytes()).isZero();
        assertThat(record(onlyPublication())).isEmpty();
    }

    @Test
    void shouldCountWhatCameIn() {
        stan.ask(PUB, PUBLISH);
        stan.ask(PUB, PUBLISH.toBuilder().clearGuid().build());
        stan.ask(PUB, ServiceFixture.GARBAGE);

        assertThat(stan.counters.messagesIn()).isEqualTo(2);
    }

    @Test
    void shouldAgreeWithProtobufAboutRandomMessages() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            PubMsg publish = PubMsg.newBuilder()
                    .setClientId("client" + random.nextInt(3_000))
                    .setGuid("g" + random.nextInt())
                    .setSubject("channel" + random.nextInt(3_000))
                    .setReply("r".repeat(random.nextInt(200)))
                    .setData(ByteString.copyFrom(new byte[random.nextInt(40_000) >> random.nextInt(16)]))
                    .setConnId(ByteString.copyFromUtf8(random.nextBoolean() ? "" : "conn" + random.nextInt(3_000)))
                    .build();
            stan.log.publications.clear();
            stan.ask(PUB, publish);
            Publication publication = onlyPublication();
            assertThat(publication.channel()).as("seed %d", seed).isEqualTo(publish.getSubject());
            assertThat(publication.connId()).as("seed %d", seed).isEqualTo(publish.getConnId());
            if (publish.getConnId().isEmpty()) {
                assertThat(publication.clientId()).as("seed %d", seed).isEqualTo(publish.getClientId());
            }
            assertThat(record(publication)).as("seed %d", seed).isEqualTo(recordOf(publish));
            publication.onStored();
            assertThat(ack().getGuid()).as("seed %d", seed).isEqualTo(publish.getGuid());
        }
    }

    @Test
    void shouldSurviveRandomDamage() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] payload = PUBLISH.toByteArray();
            for (int hits = random.nextInt(4); hits >= 0; hits--) {
                payload[random.nextInt(payload.length)] = (byte) random.nextInt();
            }
            int before = stan.answers.size() + stan.log.publications.size();
            stan.ask(PUB, Arrays.copyOf(payload, random.nextInt(payload.length + 1)));
            assertThat(stan.answers.size() + stan.log.publications.size())
                    .as("answered or logged, seed %d", seed)
                    .isEqualTo(before + 1);
        }
    }

    private Publication onlyPublication() {
        assertThat(stan.log.publications).hasSize(1);
        return stan.log.publications.get(0);
    }

    private static byte[] record(Publication publication) {
        byte[] target = new byte[publication.recordBytes() + 7];
        publication.writeRecord(target, 7);
        return Arrays.copyOfRange(target, 7, target.length);
    }

    private static byte[] recordOf(PubMsg publish) {
        return MsgProto.newBuilder()
                .setReply(publish.getReply())
                .setData(publish.getData())
                .build()
                .toByteArray();
    }

    private PubAck ack() throws Exception {
        return PubAck.parseFrom(stan.answer());
    }
}
