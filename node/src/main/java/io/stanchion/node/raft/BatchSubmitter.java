package io.stanchion.node.raft;

import com.google.protobuf.ByteString;
import io.stanchion.proto.command.BatchReply;
import java.util.concurrent.CompletableFuture;

/** Hands batches to whoever leads. */
public interface BatchSubmitter {
    /**
     * Submits one batch; batches submitted by one thread reach the same leader in that order.
     *
     * @param batch a serialized Batch without a time
     * @return completes with an answer, never exceptionally; must not block longer than it takes to append
     */
    CompletableFuture<Answer> submit(ByteString batch);

    /** Whether there is somebody to submit to, as far as is known. Any thread. */
    boolean knowsLeader();

    /** What became of an attempt. */
    sealed interface Answer {
        /** The machine has seen the batch: now, or in an earlier attempt. */
        record Applied(BatchReply reply) implements Answer {}

        /** Perhaps appended, perhaps not: submit it again. The machine applies it once. */
        record Unavailable(String reason) implements Answer {}
    }
}
