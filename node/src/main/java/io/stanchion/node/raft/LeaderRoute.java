package io.stanchion.node.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.stanchion.proto.command.BatchReply;
import io.stanchion.proto.peer.AppendResponse;
import io.stanchion.proto.peer.Unavailable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Finds the leader: this node's own Ratis server, or another node over its link. */
public final class LeaderRoute implements BatchSubmitter {
    private final String nodeId;
    private final RaftNode raft;
    private final BiFunction<String, ByteString, CompletableFuture<AppendResponse>> forward;

    /** @param forward sends a batch to the node with this ID; called by the log's thread only */
    public LeaderRoute(
            String nodeId, RaftNode raft, BiFunction<String, ByteString, CompletableFuture<AppendResponse>> forward) {
        this.nodeId = nodeId;
        this.raft = raft;
        this.forward = forward;
    }

    @Override
    public boolean knowsLeader() {
        return !raft.leader().isEmpty();
    }

    @Override
    public CompletableFuture<Answer> submit(ByteString batch) {
        String leader = raft.leader();
        if (leader.isEmpty()) {
            return CompletableFuture.completedFuture(new Answer.Unavailable("no leader"));
        }
        return leader.equals(nodeId)
                ? raft.submit(batch)
                : forward.apply(leader, batch).handle(LeaderRoute::answer);
    }

    private static Answer answer(AppendResponse response, Throwable failure) {
        if (response == null) {
            return new Answer.Unavailable(String.valueOf(failure));
        }
        if (response.getOutcomeCase() != AppendResponse.OutcomeCase.REPLY) {
            return new Answer.Unavailable(response.getUnavailable().getReason());
        }
        try {
            return new Answer.Applied(BatchReply.parseFrom(response.getReply()));
        } catch (InvalidProtocolBufferException e) {
            return new Answer.Unavailable("the leader's reply is damaged: " + e.getMessage());
        }
    }

    /** For a batch that another node has forwarded: the answer as it travels back. */
    public static CompletableFuture<AppendResponse> accept(RaftNode raft, ByteString batch) {
        return raft.submit(batch).thenApply(answer -> {
            if (answer instanceof Answer.Applied applied) {
                return AppendResponse.newBuilder()
                        .setReply(applied.reply().toByteString())
                        .build();
            }
            return AppendResponse.newBuilder()
                    .setUnavailable(Unavailable.newBuilder()
                            .setReason(((Answer.Unavailable) answer).reason())
                            .setLeader(raft.leader()))
                    .build();
        });
    }
}
