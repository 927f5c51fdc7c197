package io.stanchion.raftsm.command;

import com.google.protobuf.ByteString;
import io.stanchion.proto.command.Batch;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.model.MachineState;
import java.util.List;

/** Applies one log entry: a batch is applied once, and a repeated one is answered from the record. */
@SuppressWarnings("DoNotCallSuggester")
public final class BatchApplier {
    private BatchApplier() {}

    /**
     * A function of its arguments: no clock, no randomness, no IO.
     *
     * @param term the Raft term of the entry
     * @param index the Raft index of the entry
     * @param batch as logged, {@code time_nanos} included; the log's clock is clamped inside so that it never goes back
     */
    public static Result apply(long term, long index, Batch batch, MachineState state) {
        throw new UnsupportedOperationException();
    }

    /** Why these bytes must not enter the log, in one sentence; empty if they may. */
    public static String check(Batch batch) {
        throw new UnsupportedOperationException();
    }

    /** @param reply a serialized BatchReply */
    public record Result(ByteString reply, List<Effect> effects) {}
}
