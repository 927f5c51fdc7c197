package io.stanchion.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.proto.command.AppendReply;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.PublisherProto;
import io.stanchion.proto.command.RefusalProto;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.raftsm.command.BatchApplier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes one command, and what must not. */
class LogBatchTest {
    private static final String INBOX = "_INBOX.stan-ack-c.s1";
    private static final LogSettings SETTINGS = new LogSettings(1_000, 4, 3, 1 << 20, 25_000);

    private final LogBatch batch = new LogBatch();

    @Test
    void shouldFoldPublishesToOneChannelIntoOneRun() throws Exception {
        publish("orders", "me", "a");
        publish("invoices", "me", "b");
        publish("orders", "me", "c");

        assertThat(described()).containsExactly("orders: a c", "invoices: b");
    }

    @Test
    void shouldNameEachPublisherOfARunWithHowManyMessagesInARowAreHis() throws Exception {
        publish("orders", "me", "a");
        publish("orders", "me", "b");
        publish("orders", "you", "c");
        publish("orders", "me", "d");

        assertThat(sealed().getCommands(0).getAppend().getPublishersList())
                .extracting(PublisherProto::getClientId, PublisherProto::getCount)
                .containsExactly(tuple("me", 2), tuple("you", 1), tuple("me", 1));
    }

    @Test
    void shouldWriteRecordsThatTheMachineCanTellApartWhateverTheirLength() throws Exception {
        List<String> texts = new ArrayList<>();
        for (int length : new int[] {0, 1, 125, 126, 200, 16_380, 16_390}) {
            texts.add("x".repeat(length));
            publish("orders", "me", texts.get(texts.size() - 1));
        }

        Batch sealed = sealed();
        assertThat(BatchApplier.check(sealed)).isEmpty();
        assertThat(Commands.texts(sealed.getCommands(0).getAppend().getRecords()))
                .isEqualTo(texts);
    }

    @Test
    void shouldNotLetAPublishOvertakeACommand() throws Exception {
        publish("orders", "me", "before");
        batch.add(new LogItem.Command(Commands.closeSession("me"), reply -> {}));
        publish("orders", "me", "behind");

        assertThat(described()).containsExactly("orders: before", "CLOSE_SESSION", "orders: behind");
    }

    @Test
    void shouldNotLetAnAckOvertakeACommand() throws Exception {
        ack(INBOX, 1);
        batch.add(new LogItem.Command(Commands.closeSession("me"), reply -> {}));
        ack(INBOX, 2);

        assertThat(described()).containsExactly(INBOX + ": [1, 0]", "CLOSE_SESSION", INBOX + ": [2, 0]");
    }

    @Test
    void shouldFoldTheAcksOfASubscriptionIntoRangesInWhateverOrderTheyCome() throws Exception {
        for (long sequence : new long[] {7, 3, 12, 5, 4, 7, 13, 3}) {
            ack(INBOX, sequence);
        }
        ack("_INBOX.stan-ack-c.s2", 4);
        publish("orders", "me", "a");
        ack(INBOX, 6);

        assertThat(described()).containsExactly(INBOX + ": [3, 4, 12, 1]", "_INBOX.stan-ack-c.s2: [4, 0]", "orders: a");
        assertThat(BatchApplier.check(sealed())).isEmpty();
    }

    @Test
    void shouldFoldTheLargestSequencesThereAre() throws Exception {
        ack(INBOX, Long.MAX_VALUE);
        ack(INBOX, Long.MAX_VALUE - 1);

        assertThat(described()).containsExactly(INBOX + ": [" + (Long.MAX_VALUE - 1) + ", 1]");
    }

    @Test
    void shouldCountNamesThatOutweighTheirMessages() {
        batch.add(new LogItem.Publish(new TestPublication("orders", "i".repeat(900), "a")));

        assertThat(batch.bytes()).isGreaterThan(900);
    }

    @Test
    void shouldFoldMoreAcksThanItHasRoomForAtFirst() throws Exception {
        for (long sequence = 100; sequence > 0; sequence--) {
            ack(INBOX, sequence);
        }
        assertThat(described()).containsExactly(INBOX + ": [1, 99]");
    }

    @Test
    void shouldBeFullAtTheLimitOfItems() {
        for (int i = 0; i < 3; i++) {
            ack(INBOX, i);
            assertThat(batch.isFull(SETTINGS)).isFalse();
        }
        ack(INBOX, 3);
        assertThat(batch.isFull(SETTINGS)).isTrue();
    }

    @Test
    void shouldHaveNoRoomForWhatExceedsTheLimitOfBytesUnlessItIsAlone() {
        LogItem large = new LogItem.Publish(new TestPublication("orders", "me", "x".repeat(700)));
        LogItem huge = new LogItem.Publish(new TestPublication("orders", "me", "x".repeat(7_000)));
        assertThat(batch.hasRoomFor(huge, SETTINGS)).isTrue();
        batch.add(large);
        assertThat(batch.isFull(SETTINGS)).isFalse();
        assertThat(batch.hasRoomFor(large, SETTINGS)).isFalse();
        batch.add(large);
        assertThat(batch.isFull(SETTINGS)).isTrue();
    }

    @Test
    void shouldTellEachPublisherWhatBecameOfHisMessage() throws Exception {
        TestPublication kept = publish("orders", "me", "a");
        TestPublication cut = publish("orders", "stranger", "b");
        TestPublication keptToo = publish("orders", "me", "c");
        TestPublication elsewhere = publish("invoices", "me", "d");
        List<ReplyProto> replies = new ArrayList<>();
        batch.add(new LogItem.Command(Commands.openSession("me"), replies::add));
        sealed();
        ReplyProto opened = ReplyProto.newBuilder()
                .setError("stan: clientID already registered")
                .build();
        batch.answered(BatchReply.newBuilder()
                .addReplies(ReplyProto.newBuilder()
                        .setAppend(AppendReply.newBuilder()
                                .addRefused(
                                        RefusalProto.newBuilder().setIndex(1).setError("no"))))
                .addReplies(ReplyProto.newBuilder().setError("too many channels"))
                .addReplies(opened)
                .build());
        batch.complete();

        assertThat(kept.answers).containsExactly(TestPublication.STORED);
        assertThat(cut.answers).containsExactly("no");
        assertThat(keptToo.answers).containsExactly(TestPublication.STORED);
        assertThat(elsewhere.answers).containsExactly("too many channels");
        assertThat(replies).containsExactly(opened);
    }

    @Test
    void shouldNotGuessWhenTheRepliesAreNotThoseOfItsCommands() throws Exception {
        TestPublication publication = publish("orders", "me", "a");
        sealed();
        batch.answered(BatchReply.getDefaultInstance());

        assertThatThrownBy(batch::complete).hasMessage("batch 5 of 1 commands has 0 replies");
        assertThat(publication.answers).isEmpty();
    }

    private TestPublication publish(String channel, String clientId, String text) {
        TestPublication publication = new TestPublication(channel, clientId, text);
        batch.add(new LogItem.Publish(publication));
        return publication;
    }

    private void ack(String inbox, long sequence) {
        batch.add(new LogItem.Settle(inbox, sequence));
    }

    private Batch sealed() throws InvalidProtocolBufferException {
        batch.seal("a", 17, 5, 0, false);
        return Batch.parseFrom(batch.sealed());
    }

    /** A line for each command. */
    private List<String> described() throws InvalidProtocolBufferException {
        Batch sealed = sealed();
        assertThat(sealed.getGateway()).isEqualTo("a");
        assertThat(sealed.getIncarnation()).isEqualTo(17);
        assertThat(sealed.getNumber()).isEqualTo(5);
        return sealed.getCommandsList().stream().map(LogBatchTest::described).toList();
    }

    private static String described(CommandProto command) {
        return switch (command.getCommandCase()) {
            case APPEND ->
                command.getAppend().getChannel() + ": "
                        + String.join(" ", Commands.texts(command.getAppend().getRecords()));
            case ACK -> command.getAck().getAckInbox() + ": " + command.getAck().getRangesList();
            default -> command.getCommandCase().toString();
        };
    }
}
