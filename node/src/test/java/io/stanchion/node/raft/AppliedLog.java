package io.stanchion.node.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.raftsm.command.BatchApplier;
import io.stanchion.raftsm.model.Changes;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.RunIndex;
import java.util.ArrayList;
import java.util.List;

/** The real machine, and what it was made to do. */
final class AppliedLog {
    /** Nobody subscribes, so nobody asks where messages lie. */
    private static final RunIndex NO_RUNS = new RunIndex() {
        @Override
        public Run runAt(long channelId, long sequence) {
            return null;
        }

        @Override
        public Run firstRunSince(long channelId, long fromSequence, long timestampNanos) {
            return null;
        }
    };

    /** The data of every message stored, in the order of the log. */
    final List<String> stored = new ArrayList<>();

    /** Every sequence settled, in the order of the log. */
    final List<Long> settled = new ArrayList<>();

    /** Batches that were applied, not only answered. */
    int batches;

    private final MachineState state = MachineState.restore(NO_RUNS, List.of());
    private long index;

    BatchReply apply(long term, ByteString bytes) {
        try {
            Batch batch = Batch.parseFrom(bytes).toBuilder()
                    .setTimeNanos(1_000 + index)
                    .build();
            if (!BatchApplier.check(batch).isEmpty()) {
                throw new AssertionError(BatchApplier.check(batch));
            }
            long expected = state.gateway(batch.getGateway()).expectedNumber(batch.getIncarnation());
            BatchApplier.Result result = BatchApplier.apply(term, ++index, batch, state);
            if (state.gateway(batch.getGateway()).expectedNumber(batch.getIncarnation()) != expected) {
                batches++;
                batch.getCommandsList().forEach(this::noteAcks);
            }
            for (Changes.PutRun run : state.drainChanges().runs()) {
                stored.addAll(Commands.texts(run.records()));
            }
            return BatchReply.parseFrom(result.reply());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("the gateway sends damaged batches", e);
        }
    }

    private void noteAcks(CommandProto command) {
        settled.addAll(Commands.sequences(command.getAck().getRangesList()));
    }
}
