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
    private long sealedNanos;
    private boolean isVoid;
    private boolean isLate;
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

    /**
     * Numbers it and writes its bytes; nothing can be added any more.
     *
     * @param nanos of the monotonic clock
     * @param late whether something in it has waited for long
     */
    void seal(String gateway, long incarnation, long batchNumber, long nanos, boolean late) {
        number = batchNumber;
        sealedNanos = nanos;
        isLate = late;
        Batch.Builder batch = empty(gateway, incarnation).setLate(late);
        for (BatchPart part : parts) {
            batch.addCommands(part.toCommand());
        }
        sealed = batch.build().toByteString();
        openRuns.clear();
        openAcks.clear();
    }

    private Batch.Builder empty(String gateway, long incarnation) {
        return Batch.newBuilder()
                .setGateway(gateway)
                .setIncarnation(incarnation)
                .setNumber(number);
    }

    /** Whether it was sealed before that time. */
    boolean isOlderThan(long nanos) {
        return sealedNanos - nanos < 0;
    }

    /**
     * From now on there is nothing in it but its number. The machine applies a number once: either it has had the whole one, and answers
     * with the replies to that, or it takes the empty one, and the whole one can't be applied any more.
     */
    void makeVoid(String gateway, long incarnation) {
        if (!isVoid && reply == null) {
            isVoid = true;
            sealed = empty(gateway, incarnation).build().toByteString();
        }
    }

    /** The same, as of another incarnation. */
    void move(long incarnation) {
        amend(Batch.newBuilder().setIncarnation(incarnation));
    }

    /** The same, which has been here for long. */
    void makeLate() {
        if (!isLate) {
            isLate = true;
            amend(Batch.newBuilder().setLate(true));
        }
    }

    /** Of a field that is there twice the last one counts. */
    private void amend(Batch.Builder fields) {
        if (reply == null) {
            sealed = sealed.concat(fields.build().toByteString());
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
        if (isVoid && known != null && known.getRepliesCount() == 0) {
            parts.forEach(part -> part.refuse(RatisLog.NO_LEADER));
            return;
        }
        if (known == null || known.getRepliesCount() != parts.size()) {
            throw new IllegalStateException("batch " + number + " of " + parts.size() + " commands has "
                    + (known == null ? "no reply" : known.getRepliesCount() + " replies"));
        }
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).onReply(known.getReplies(i));
        }
    }
}
