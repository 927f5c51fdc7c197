package io.stanchion.node.raft;

import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ReplyProto;

/** What becomes one command of a batch, and learns its reply. */
interface BatchPart {
    CommandProto toCommand();

    void onReply(ReplyProto reply);

    /** It was not done, and will not be. */
    void refuse(String error);

    /** A command that somebody has built already. */
    record Whole(LogItem.Command item) implements BatchPart {
        @Override
        public CommandProto toCommand() {
            return item.proto();
        }

        @Override
        public void onReply(ReplyProto reply) {
            item.onReply().accept(reply);
        }

        @Override
        public void refuse(String error) {
            item.refuse(error);
        }
    }
}
