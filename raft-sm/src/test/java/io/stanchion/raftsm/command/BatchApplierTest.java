package io.stanchion.raftsm.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.proto.command.AckProto;
import io.stanchion.proto.command.AppendProto;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.proto.command.CloseSessionProto;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ConfigureProto;
import io.stanchion.proto.command.OpenSessionProto;
import io.stanchion.proto.command.PublisherProto;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.proto.command.SettingsProto;
import io.stanchion.proto.command.SubscribeProto;
import io.stanchion.proto.command.TickProto;
import io.stanchion.raftsm.MemoryStore;
import io.stanchion.raftsm.model.Changes;
import io.stanchion.raftsm.model.MachineState;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatchApplierTest {
    private static final CommandProto TICK =
            CommandProto.newBuilder().setTick(TickProto.getDefaultInstance()).build();
    private static final CommandProto ALICE = CommandProto.newBuilder()
            .setOpenSession(OpenSessionProto.newBuilder().setClientId("alice"))
            .build();

    private final MemoryStore store = new MemoryStore();
    private MachineState state = store.restore();
    private long index;

    private static Batch batch(long incarnation, long number, CommandProto... commands) {
        return Batch.newBuilder()
                .setGateway("a")
                .setIncarnation(incarnation)
                .setNumber(number)
                .addAllCommands(List.of(commands))
                .build();
    }

    private BatchReply apply(Batch batch) throws InvalidProtocolBufferException {
        assertThat(BatchApplier.check(batch)).isEmpty();
        return BatchReply.parseFrom(BatchApplier.apply(1, ++index, batch, state).reply());
    }

    @Test
    void shouldAnswerFromTheRecordWhenABatchComesAgain() throws Exception {
        BatchReply first = apply(batch(7, 1, ALICE, TICK));
        apply(batch(7, 2, ALICE));

        assertThat(first.getRepliesCount()).isEqualTo(2);
        assertThat(apply(batch(7, 1, ALICE, TICK))).isEqualTo(first);
        assertThat(apply(batch(7, 2, ALICE))).isNotEqualTo(first);
        BatchApplier.Result repeated = BatchApplier.apply(1, 9, batch(7, 1, ALICE, TICK), state);
        assertThat(repeated.effects()).isEmpty();
    }

    @Test
    void shouldAnswerFromTheRecordAfterARestore() throws Exception {
        BatchReply reply = apply(batch(7, 1, ALICE));
        store.write(state.drainChanges());
        state = store.restore();

        assertThat(apply(batch(7, 1, ALICE))).isEqualTo(reply);
    }

    @Test
    void shouldNameTheExpectedNumberWhenABatchIsMissing() throws Exception {
        assertThat(apply(batch(7, 2, ALICE)).getExpectedNumber()).isEqualTo(1);
        apply(batch(7, 1, TICK));
        assertThat(apply(batch(7, 3, ALICE)).getExpectedNumber()).isEqualTo(2);
        assertThat(apply(batch(8, 2, ALICE)).getExpectedNumber()).isEqualTo(1);
        assertThat(state.session("alice")).isNull();
    }

    @Test
    void shouldForgetAGatewaysEarlierLifeWhenItStartsAgain() throws Exception {
        apply(batch(7, 1, TICK));
        apply(batch(8, 1, TICK));

        assertThat(apply(batch(7, 2, ALICE)).getSuperseded()).isTrue();
        assertThat(apply(batch(8, 2, ALICE)).getRepliesCount()).isEqualTo(1);
        assertThat(state.session("alice")).isNotNull();
    }

    /** A gateway was cut off with them, and their client has opened another session elsewhere. */
    @Test
    void shouldNotDoToALaterSessionWhatWasAskedOfAnEarlierOne() throws Exception {
        apply(batch(7, 1, ALICE));
        long earlier = state.sessionNumber("alice");
        CommandProto close = CommandProto.newBuilder()
                .setCloseSession(
                        CloseSessionProto.newBuilder().setClientId("alice").setSession(earlier))
                .build();
        CommandProto subscribe = CommandProto.newBuilder()
                .setSubscribe(SubscribeProto.newBuilder()
                        .setClientId("alice")
                        .setChannel("orders")
                        .setInbox("_INBOX.a")
                        .setAckInbox("_INBOX.ack")
                        .setMaxInFlight(1)
                        .setAckWaitSecs(30)
                        .setSession(earlier))
                .build();
        apply(batch(7, 2, close, ALICE));
        long later = state.sessionNumber("alice");
        assertThat(later).isGreaterThan(earlier);

        BatchReply refused =
                apply(batch(7, 3, subscribe, close).toBuilder().setLate(true).build());
        assertThat(refused.getRepliesList()).extracting(ReplyProto::getError).containsOnly("stan: unknown clientID");
        assertThat(state.sessionNumber("alice")).isEqualTo(later);
        assertThat(state.channel("orders")).isNull();

        BatchReply done = apply(batch(7, 4, subscribe, close));
        assertThat(done.getRepliesList())
                .as("at once, when a gateway may only not know yet who is registered")
                .extracting(ReplyProto::getError)
                .containsOnly("");
        assertThat(state.session("alice")).isNull();
    }

    @Test
    void shouldDoALateRequestOfTheSessionThatIsStillThere() throws Exception {
        apply(batch(7, 1, ALICE));
        CommandProto close = CommandProto.newBuilder()
                .setCloseSession(
                        CloseSessionProto.newBuilder().setClientId("alice").setSession(state.sessionNumber("alice")))
                .build();
        apply(batch(7, 2, close).toBuilder().setLate(true).build());
        assertThat(state.session("alice")).isNull();
    }

    @Test
    void shouldRememberOnlyTheLastFewReplies() throws Exception {
        for (int number = 1; number <= 9; number++) {
            apply(batch(7, number, TICK));
        }
        assertThat(apply(batch(7, 2, TICK)).getRepliesCount()).isEqualTo(1);
        assertThat(apply(batch(7, 1, TICK)).getExpectedNumber()).isEqualTo(10);
    }

    @Test
    void shouldNeverTurnTheClockBack() {
        BatchApplier.apply(1, 1, batch(7, 1, TICK).toBuilder().setTimeNanos(50).build(), state);
        BatchApplier.apply(2, 2, batch(7, 2, TICK).toBuilder().setTimeNanos(40).build(), state);
        BatchApplier.apply(2, 3, batch(7, 3, TICK).toBuilder().setTimeNanos(-1).build(), state);

        assertThat(state.clockNanos()).isEqualTo(50);
    }

    @Test
    void shouldKeepTheRecordsOfARunAsTheyCame() throws Exception {
        ByteString records = ByteString.copyFrom(new byte[] {1, 7, 2, 8, 8, 0});
        apply(batch(7, 1, ALICE, append(records, 3)));

        assertThat(state.drainRuns()).containsExactly(new Changes.PutRun(1, 1, 3, 0, records));
        assertThat(state.drainChanges().runs()).isEmpty();
    }

    @Test
    void shouldCutOutTheRecordsOfUnknownPublishers() throws Exception {
        AppendProto run = AppendProto.newBuilder()
                .setChannel("c")
                .addPublishers(
                        PublisherProto.newBuilder().setClientId("mallory").setCount(1))
                .addPublishers(PublisherProto.newBuilder().setClientId("alice").setCount(1))
                .addPublishers(PublisherProto.newBuilder().setClientId("eve").setCount(1))
                .setRecords(ByteString.copyFrom(new byte[] {1, 7, 2, 8, 9, 0}))
                .build();
        apply(batch(7, 1, ALICE, CommandProto.newBuilder().setAppend(run).build()));

        assertThat(state.drainChanges().runs())
                .containsExactly(new Changes.PutRun(1, 1, 1, 0, ByteString.copyFrom(new byte[] {2, 8, 9})));
    }

    @Test
    void shouldRefuseRunsWhoseRecordsDoNotAddUp() {
        ByteString three = ByteString.copyFrom(new byte[] {1, 7, 2, 8, 8, 0});
        assertThat(check(append(three, 3))).isEmpty();
        assertThat(check(append(three, 2))).contains("1 records more than the 2 announced");
        assertThat(check(append(three, 4))).contains("4 records where 3 are left");
        assertThat(check(append(three, -1))).isNotEmpty();
        assertThat(check(append(three, 0))).isNotEmpty();
        assertThat(check(append(ByteString.EMPTY, 0))).contains("told apart");
        assertThat(check(append(ByteString.copyFrom(new byte[] {3, 7}), 1))).contains("told apart");
        assertThat(check(append(ByteString.copyFrom(new byte[] {1, 7, -1}), 1))).contains("told apart");
        assertThat(check(append(ByteString.copyFrom(new byte[] {-1, -1, -1, -1, -1, -1, 1}), 1)))
                .contains("told apart");
        assertThat(check(append(ByteString.copyFrom(new byte[] {-1, -1, -1, -1, 15}), 1)))
                .contains("told apart");
    }

    @Test
    void shouldRefuseWhatCannotBeApplied() {
        assertThat(BatchApplier.check(Batch.getDefaultInstance())).contains("without a gateway");
        assertThat(BatchApplier.check(batch(7, 0))).isNotEmpty();
        assertThat(check(CommandProto.getDefaultInstance())).contains("does not know");
        assertThat(check(ack(5L))).contains("half a range");
        assertThat(check(ack(5L, 1L, 6L, 0L))).contains("overlap");
        assertThat(check(ack(-5L, 0L))).contains("63 bits");
        assertThat(check(ack(5L, Long.MAX_VALUE))).contains("ends before it begins");
        assertThat(check(ack(5L, 1L, 7L, 0L, 9L, 90L))).isEmpty();
        assertThat(check(CommandProto.newBuilder()
                        .setConfigure(ConfigureProto.newBuilder()
                                .setSettings(SettingsProto.newBuilder().setMaxBytes(-1)))
                        .build()))
                .isNotEmpty();
    }

    @Test
    void shouldDrainOnlyWhatChanged() throws Exception {
        apply(batch(7, 1, ALICE, append(ByteString.copyFrom(new byte[] {0}), 1)));
        state.drainChanges();
        assertThat(state.drainChanges().rows()).isEmpty();

        apply(batch(7, 2, TICK));
        assertThat(state.drainChanges().rows()).extracting(Changes.Row::table).containsExactly(Changes.Table.GATEWAYS);
    }

    private static String check(CommandProto command) {
        return BatchApplier.check(batch(1, 1, command));
    }

    private static CommandProto ack(Long... pairs) {
        return CommandProto.newBuilder()
                .setAck(AckProto.newBuilder().addAllRanges(List.of(pairs)))
                .build();
    }

    private static CommandProto append(ByteString records, int count) {
        return CommandProto.newBuilder()
                .setAppend(AppendProto.newBuilder()
                        .setChannel("c")
                        .addPublishers(
                                PublisherProto.newBuilder().setClientId("alice").setCount(count))
                        .setRecords(records))
                .build();
    }
}
