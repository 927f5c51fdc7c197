package io.stanchion.node.raft;

import io.stanchion.gateway.stan.Publication;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ReplyProto;
import java.util.function.Consumer;

/** One piece of work on its way into a batch. */
sealed interface LogItem {
    /** Roughly what it adds to a batch, and to the memory that waits. */
    int bytes();

    /** It will not be done. */
    void refuse(String error);

    record Publish(Publication publication, int bytes) implements LogItem {
        /** Covers names of the usual length, which messages of one publisher share. */
        private static final int OVERHEAD_BYTES = 64;

        Publish(Publication publication) {
            this(publication, publication.recordBytes() + Math.max(OVERHEAD_BYTES, namesBytes(publication)));
        }

        private static int namesBytes(Publication publication) {
            return publication.connId().size()
                    + publication.clientId().length()
                    + publication.channel().length();
        }

        @Override
        public void refuse(String error) {
            publication.onRefused(error);
        }
    }

    record Settle(String ackInbox, long sequence) implements LogItem {
        @Override
        public int bytes() {
            return Long.BYTES + ackInbox.length() / 4; // most acks share their inbox with others of the batch
        }

        @Override
        public void refuse(String error) {
            // nobody waits; the message is delivered again
        }
    }

    record Command(CommandProto proto, int bytes, Consumer<ReplyProto> onReply) implements LogItem {
        Command(CommandProto proto, Consumer<ReplyProto> onReply) {
            this(proto, proto.getSerializedSize() + 16, onReply);
        }

        @Override
        public void refuse(String error) {
            onReply.accept(ReplyProto.newBuilder().setError(error).build());
        }
    }
}
