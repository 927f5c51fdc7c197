package io.stanchion.node.leader;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.stanchion.gateway.stan.Publication;
import io.stanchion.gateway.stan.ReplicatedLog;
import io.stanchion.proto.command.AckProto;
import io.stanchion.proto.command.AppendProto;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.PublisherProto;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.raftsm.command.BatchApplier;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.model.Changes;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.RunIndex;
import io.stanchion.raftsm.store.MessageReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The real machine behind a log of one node that commits whatever it is given as soon as the test says so; one command per entry. */
final class MemoryMachine implements ReplicatedLog, MessageReader, RunIndex {
    private final Map<Long, NavigableMap<Long, Changes.PutRun>> channels = new TreeMap<>();
    private final MachineState state = MachineState.restore(this, List.of());
    private final Queue<Entry> parked = new ArrayDeque<>();
    private final LongSupplier clockNanos;
    private long index;

    MemoryMachine(LongSupplier clockNanos) {
        this.clockNanos = clockNanos;
    }

    private record Entry(CommandProto command, Consumer<ReplyProto> onReply) {}

    MachineState state() {
        return state;
    }

    boolean isIdle() {
        return parked.isEmpty();
    }

    /** Applies all that is parked, in order, as the leader of {@code term}. */
    void commit(long term, BiConsumer<Long, List<Effect>> onEffects) {
        for (Entry entry = parked.poll(); entry != null; entry = parked.poll()) {
            index++;
            Batch batch = Batch.newBuilder()
                    .setGateway("a")
                    .setIncarnation(1)
                    .setNumber(index)
                    .addCommands(entry.command())
                    .setTimeNanos(clockNanos.getAsLong())
                    .build();
            if (!BatchApplier.check(batch).isEmpty()) {
                throw new AssertionError(BatchApplier.check(batch));
            }
            BatchApplier.Result result = BatchApplier.apply(term, index, batch, state);
            state.drainChanges().runs().forEach(run -> runs(run.channelId()).put(run.first(), run));
            onEffects.accept(term, result.effects());
            entry.onReply().accept(firstReply(result.reply()));
        }
    }

    private static ReplyProto firstReply(ByteString reply) {
        try {
            return BatchReply.parseFrom(reply).getReplies(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void append(CommandProto command, Consumer<ReplyProto> onReply) {
        parked.add(new Entry(command, onReply));
    }

    @Override
    public void publish(Publication publication) {
        byte[] record = new byte[publication.recordBytes()];
        publication.writeRecord(record, 0);
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int left = record.length; ; left >>>= 7) {
            records.write(left > 127 ? (left & 127) | 128 : left);
            if (left <= 127) {
                break;
            }
        }
        records.writeBytes(record);
        AppendProto append = AppendProto.newBuilder()
                .setChannel(publication.channel())
                .addPublishers(PublisherProto.newBuilder()
                        .setConnId(publication.connId())
                        .setClientId(publication.clientId())
                        .setCount(1))
                .setRecords(ByteString.copyFrom(records.toByteArray()))
                .build();
        append(CommandProto.newBuilder().setAppend(append).build(), reply -> {
            if (reply.getAppend().getRefusedCount() > 0) {
                publication.onRefused(reply.getAppend().getRefused(0).getError());
            } else {
                publication.onStored();
            }
        });
    }

    @Override
    public void ack(String ackInbox, long sequence) {
        AckProto ack = AckProto.newBuilder()
                .setAckInbox(ackInbox)
                .addRanges(sequence)
                .addRanges(0)
                .build();
        append(CommandProto.newBuilder().setAck(ack).build(), reply -> {});
    }

    @Override
    public boolean isSaturated() {
        return false;
    }

    @Override
    public void onRelief(Runnable listener) {}

    @Override
    public void read(long channelId, long first, long last, Sink sink) {
        for (Changes.PutRun run : runs(channelId).values()) {
            try {
                CodedInputStream in = run.records().newCodedInput();
                for (long sequence = run.first(); sequence < run.first() + run.count(); sequence++) {
                    ByteString record = ByteString.copyFrom(in.readRawBytes(in.readRawVarint32()));
                    if (sequence >= first && sequence <= last) {
                        sink.onMessage(sequence, run.timestampNanos(), record);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("in " + run.records().toString(StandardCharsets.UTF_8), e);
            }
        }
    }

    @Override
    public Run runAt(long channelId, long sequence) {
        for (Changes.PutRun run : runs(channelId).values()) {
            if (run.first() + run.count() > sequence) {
                return summary(run);
            }
        }
        return null;
    }

    @Override
    public Run firstRunSince(long channelId, long fromSequence, long timestampNanos) {
        for (Changes.PutRun run : runs(channelId).values()) {
            if (run.first() + run.count() > fromSequence && run.timestampNanos() >= timestampNanos) {
                return summary(run);
            }
        }
        return null;
    }

    private static Run summary(Changes.PutRun run) {
        return new Run(
                run.first(), run.count(), run.timestampNanos(), run.records().size());
    }

    private NavigableMap<Long, Changes.PutRun> runs(long channelId) {
        return channels.computeIfAbsent(channelId, id -> new TreeMap<>());
    }
}
