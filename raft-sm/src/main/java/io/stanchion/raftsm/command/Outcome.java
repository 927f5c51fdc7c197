package io.stanchion.raftsm.command;

import io.stanchion.proto.command.ReplyProto;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.model.Outbox;
import java.util.List;

/** What a command came to: an answer for who proposed it, and what the leader owes the world. */
public record Outcome(ReplyProto reply, List<Effect> effects) {
    static final Outcome NOTHING = new Outcome(ReplyProto.getDefaultInstance(), List.of());

    /** @param error the protocol's own text */
    static Outcome refused(String error) {
        return refused(ReplyProto.newBuilder().setError(error).build());
    }

    /** With more than the error. */
    static Outcome refused(ReplyProto reply) {
        return new Outcome(reply, List.of());
    }

    /** Something was changed all the same. */
    static Outcome refused(String error, Outbox out) {
        return of(ReplyProto.newBuilder().setError(error).build(), out);
    }

    static Outcome of(Outbox out) {
        return of(ReplyProto.getDefaultInstance(), out);
    }

    static Outcome of(ReplyProto reply, Outbox out) {
        return new Outcome(reply, out.effects());
    }
}
