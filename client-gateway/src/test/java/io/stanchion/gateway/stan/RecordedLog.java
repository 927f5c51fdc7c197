package io.stanchion.gateway.stan;

import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.ReplyProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/** A log that writes down what it is asked for, and answers when the test says so. */
final class RecordedLog implements ReplicatedLog {
    final List<CommandProto> commands = new ArrayList<>();
    final List<Publication> publications = new ArrayList<>();
    final List<String> acks = new ArrayList<>();
    private final Queue<Consumer<ReplyProto>> unanswered = new ArrayDeque<>();

    @Override
    public void append(CommandProto command, Consumer<ReplyProto> onReply) {
        commands.add(command);
        unanswered.add(onReply);
    }

    @Override
    public void publish(Publication publication) {
        publications.add(publication);
    }

    @Override
    public void ack(String ackInbox, long sequence) {
        acks.add(ackInbox + " " + sequence);
    }

    @Override
    public boolean isSaturated() {
        return false;
    }

    @Override
    public void onRelief(Runnable listener) {}

    /** Answers the oldest command that has no answer yet. */
    void answer(ReplyProto reply) {
        unanswered.remove().accept(reply);
    }

    void refuse(String error) {
        answer(ReplyProto.newBuilder().setError(error).build());
    }

    CommandProto last() {
        return commands.get(commands.size() - 1);
    }
}
