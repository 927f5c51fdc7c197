package io.stanchion.node.raft;

import com.google.protobuf.ByteString;
import io.stanchion.proto.command.Batch;
import io.stanchion.proto.command.BatchReply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One batch: first being filled, then sealed under its number until the machine has answered. Owned by the log's thread.
 *
 * <p>Publishes to one channel are folded into one run and acks of one subscription into one command, until a command comes that cares
 * about order. So a message published before a close is stored before it, and one published behind a subscribe is seen by it.
 */
final class LogBatch {
    private final List<BatchPart> parts = new ArrayList<>();
    private final Map<String, PublishRun> openRuns = new LinkedHashMap<>();
    private final Map<String, AckFold> openAcks = new LinkedHashMap<>();
    private int items;
    private long bytes;

    private long number;
    private ByteString sealed = ByteString.EMPTY;
    private @Nullable BatchReply reply;

    void add(LogItem item) {
        items++;
        bytes += item.bytes();
        if (item instanceof LogItem.Publish publish) {
            openRuns.computeIfAbsent(publish.publication().channel(), this::newRun)
                    .add(publish.publication());
        } else if (item instanceof LogItem.Settle settle) {
            openAcks.computeIfAbsent(settle.ackInbox(), this::newFold).add(settle.sequence());
        } else if (item instanceof LogItem.Command command) {
            openRuns.clear();
            openAcks.clear();
            parts.add(new BatchPart.Whole(command));
        }
    }

    private PublishRun newRun(String channel) {
        PublishRun run = new PublishRun(channel);
        parts.add(run);
        return run;
    }

    private AckFold newFold(String ackInbox) {
        AckFold fold = new AckFold(ackInbox);
        parts.add(fold);
        return fold;
    }

    boolean isEmpty() {
        return items == 0;
    }

    boolean isFull(LogSettings settings) {
        return items >= settings.batchItemsMax() || bytes >= settings.batchBytesMax();
    }

    /** Whether an item that is not in yet would make it larger than one entry should be. */
    boolean hasRoomFor(LogItem next, LogSettings settings) {
        return items == 0 || bytes + next.bytes() <= settings.batchBytesMax();
    }

    long bytes() {
        return bytes;
    }

    long number() {
        return number;
    }

    /** Numbers it and writes its bytes; nothing can be added any more. */
    void seal(String gateway, long incarnation, long batchNumber) {
        number = batchNumber;
        Batch.Builder batch = Batch.newBuilder()
                .setGateway(gateway)
                .setIncarnation(incarnation)
                .setNumber(batchNumber);
        for (BatchPart part : parts) {
            batch.addCommands(part.toCommand());
        }
        sealed = batch.build().toByteString();
        openRuns.clear();
        openAcks.clear();
    }

    /** The same, as of another incarnation: of a field that is there twice the last one counts. */
    void move(long incarnation) {
        if (reply == null) {
            sealed = sealed.concat(
                    Batch.newBuilder().setIncarnation(incarnation).build().toByteString());
        }
    }

    ByteString sealed() {
        return sealed;
    }

    boolean isAnswered() {
        return reply != null;
    }

    void answered(BatchReply known) {
        if (reply == null) {
            reply = known;
            sealed = ByteString.EMPTY;
        }
    }

    /** Tells everybody who waits. */
    void complete() {
        BatchReply known = reply;
        if (known == null || known.getRepliesCount() != parts.size()) {
            throw new IllegalStateException("batch " + number + " of " + parts.size() + " commands has "
                    + (known == null ? "no reply" : known.getRepliesCount() + " replies"));
        }
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).onReply(known.getReplies(i));
        }
    }
}
