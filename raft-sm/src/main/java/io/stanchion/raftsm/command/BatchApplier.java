package io.stanchion.raftsm.command;

import com.google.protobuf.ByteString;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.model.GatewayLog;
import io.stanchion.raftsm.model.MachineState;
import java.util.ArrayList;
import java.util.List;

/** Applies one log entry: a batch is applied once, and a repeated one is answered from the record. */
public final class BatchApplier {
    private BatchApplier() {}

    /**
     * A function of its arguments: no clock, no randomness, no IO.
     *
     * @param term the Raft term of the entry
     * @param index the Raft index of the entry
     * @param batch as logged, {@code time_nanos} included; the log's clock is clamped inside so that it never goes back
     * @throws IllegalStateException if the state is broken, or the batch did not pass {@link #check}: this node must not go on
     */
    public static Result apply(long term, long index, Batch batch, MachineState state) {
        Meta meta = new Meta(term, index, state.advanceClock(term, batch.getTimeNanos()));
        GatewayLog gateway = state.gateway(batch.getGateway());
        long incarnation = batch.getIncarnation();
        if (gateway.isSuperseded(incarnation)) {
            return unapplied(BatchReply.newBuilder().setSuperseded(true).setKnownIncarnation(gateway.incarnation()));
        }
        long expected = gateway.expectedNumber(incarnation);
        if (batch.getNumber() == expected) {
            Result result = applyCommands(meta, batch, state);
            gateway.applied(incarnation, expected, result.reply);
            return result;
        }
        ByteString known = batch.getNumber() < expected ? gateway.replyTo(batch.getNumber()) : null;
        return known != null
                ? new Result(known, List.of())
                : unapplied(BatchReply.newBuilder().setExpectedNumber(expected));
    }

    private static Result unapplied(BatchReply.Builder reply) {
        return new Result(reply.build().toByteString(), List.of());
    }

    private static Result applyCommands(Meta meta, Batch batch, MachineState state) {
        BatchReply.Builder replies = BatchReply.newBuilder();
        List<Effect> effects = new ArrayList<>();
        for (CommandProto proto : batch.getCommandsList()) {
            Command command = CommandCodec.decode(proto);
            Outcome outcome = batch.getLate() && LateRequests.isForAnother(proto, state)
                    ? LateRequests.refuse()
                    : command.apply(meta, state);
            if (command.mayChange()) {
                state.comparison().changed();
            }
            replies.addReplies(outcome.reply());
            effects.addAll(outcome.effects());
        }
        return new Result(replies.build().toByteString(), effects);
    }

    /** Why these bytes must not enter the log, in one sentence; empty if they may. */
    public static String check(Batch batch) {
        return BatchCheck.check(batch);
    }

    /** @param reply a serialized BatchReply */
    public record Result(ByteString reply, List<Effect> effects) {}
}
