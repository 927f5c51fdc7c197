package io.stanchion.node.raft;

import io.stanchion.proto.command.AckProto;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ReplyProto;
import java.util.Arrays;

/** Acks of one subscription, folded into ranges. Owned by the log's thread. */
final class AckFold implements BatchPart {
    private final String ackInbox;
    private long[] sequences = new long[16];
    private int size;

    AckFold(String ackInbox) {
        this.ackInbox = ackInbox;
    }

    void add(long sequence) {
        if (size == sequences.length) {
            sequences = Arrays.copyOf(sequences, 2 * size);
        }
        sequences[size++] = sequence;
    }

    /** Acks repeat and come in any order; ranges are sorted and disjoint. */
    @Override
    public CommandProto toCommand() {
        Arrays.sort(sequences, 0, size);
        AckProto.Builder ack = AckProto.newBuilder().setAckInbox(ackInbox);
        int i = 0;
        while (i < size) {
            long first = sequences[i];
            long last = first;
            while (i < size && sequences[i] - 1 <= last) {
                last = sequences[i++];
            }
            ack.addRanges(first).addRanges(last - first);
        }
        return CommandProto.newBuilder().setAck(ack).build();
    }

    @Override
    public void onReply(ReplyProto reply) {
        // STAN owes no answer to an ack
    }

    @Override
    public void refuse(String error) {
        // nobody waits; the messages are delivered again
    }
}
