package io.stanchion.node.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.BatchReply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A leader that answers when the test says so. */
final class HeldBatches implements BatchSubmitter {
    /** All attempts, the oldest first. */
    final List<Attempt> attempts = new ArrayList<>();

    /** Whether somebody leads, as far as the gateway knows. */
    boolean isKnown = true;

    private final AppliedLog machine = new AppliedLog();

    final class Attempt {
        final Batch batch;
        private final ByteString bytes;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();

        Attempt(ByteString bytes) throws InvalidProtocolBufferException {
            this.bytes = bytes;
            this.batch = Batch.parseFrom(bytes);
        }

        /** Applies it, and keeps the reply for {@link #answer}. */
        BatchReply apply() {
            return machine.apply(1, bytes);
        }

        void answer(BatchReply reply) {
            answer.complete(new Answer.Applied(reply));
        }

        void applyAndAnswer() {
            answer(apply());
        }

        void fail() {
            answer.complete(new Answer.Unavailable("no leader"));
        }

        boolean isOpen() {
            return !answer.isDone();
        }
    }

    @Override
    public boolean knowsLeader() {
        return isKnown;
    }

    @Override
    public CompletableFuture<Answer> submit(ByteString bytes) {
        try {
            Attempt attempt = new Attempt(bytes);
            attempts.add(attempt);
            return attempt.answer;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("the gateway sends damaged batches", e);
        }
    }

    Attempt last() {
        return attempts.get(attempts.size() - 1);
    }

    List<Attempt> open() {
        return attempts.stream().filter(Attempt::isOpen).toList();
    }

    List<Long> numbers() {
        return attempts.stream().map(attempt -> attempt.batch.getNumber()).toList();
    }
}
