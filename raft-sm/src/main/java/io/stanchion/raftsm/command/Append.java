package io.stanchion.raftsm.command;

import com.google.protobuf.ByteString;
import io.stanchion.proto.command.AppendReply;
import io.stanchion.proto.command.RefusalProto;
import io.stanchion.proto.command.ReplyProto;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Outbox;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores a run of messages in a channel, which springs into existence if need be. What must be refused is cut out of the run: only that
 * message fails, never its neighbours. In the common case nobody is refused, and the records are not even looked at.
 */
public record Append(String channel, List<Publisher> publishers, ByteString records) implements Command {
    private static final String UNKNOWN_PUBLISHER = "stan: invalid publish request";

    /** @param connId if present it alone identifies the session */
    public record Publisher(ByteString connId, String clientId, int count) {
        boolean isKnown(MachineState state) {
            return (connId.isEmpty() ? state.session(clientId) : state.session(connId)) != null;
        }
    }

    @Override
    public Outcome apply(Meta meta, MachineState state) {
        String refusal = state.channelRefusal(channel);
        AppendReply.Builder refused = AppendReply.newBuilder();
        int stored = 0;
        int index = 0;
        for (Publisher publisher : publishers) {
            boolean known = publisher.isKnown(state);
            if (known && refusal.isEmpty()) {
                stored += publisher.count();
            } else {
                refuse(refused, index, publisher.count(), known ? refusal : UNKNOWN_PUBLISHER);
            }
            index += publisher.count();
        }
        Outbox out = state.outbox(meta.term(), meta.timeNanos());
        if (stored > 0) {
            ByteString kept = stored == index ? records : without(refused);
            state.openChannel(channel, meta.index(), out).append(stored, kept, out);
        }
        return stored == index
                ? Outcome.of(out)
                : Outcome.of(ReplyProto.newBuilder().setAppend(refused).build(), out);
    }

    private static void refuse(AppendReply.Builder refused, int first, int count, String error) {
        for (int i = first; i < first + count; i++) {
            refused.addRefused(RefusalProto.newBuilder().setIndex(i).setError(error));
        }
    }

    private ByteString without(AppendReply.Builder refused) {
        List<ByteString> accepted = new ArrayList<>();
        Records walk = new Records(records);
        int index = 0;
        for (RefusalProto refusal : refused.getRefusedList()) {
            accepted.add(next(walk, refusal.getIndex() - index));
            next(walk, 1);
            index = refusal.getIndex() + 1;
        }
        accepted.add(records.substring(walk.position()));
        return ByteString.copyFrom(accepted);
    }

    private ByteString next(Records walk, int count) {
        int begin = walk.position();
        if (!walk.skip(count)) {
            throw new IllegalStateException("fewer records than publishers announced, in a run for " + channel);
        }
        return records.substring(begin, walk.position());
    }
}
