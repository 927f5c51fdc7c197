package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import io.stanchion.proto.record.GatewayRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What one gateway's batches came to. A gateway that missed an answer asks again, and gets the same one. */
public final class GatewayLog extends StoredRow {
    /** More than a gateway ever has in flight. */
    static final int REPLIES_KEPT = 8;

    private final String gateway;
    private final Deque<ByteString> replies = new ArrayDeque<>();
    private long incarnation;
    private long lastNumber;

    GatewayLog(ChangeLog changeLog, String gateway) {
        super(changeLog);
        this.gateway = gateway;
    }

    GatewayLog(ChangeLog changeLog, String gateway, GatewayRecord stored) {
        this(changeLog, gateway);
        incarnation = stored.getIncarnation();
        lastNumber = stored.getLastNumber();
        replies.addAll(stored.getRepliesList());
    }

    /** The latest that was heard of. */
    public long incarnation() {
        return incarnation;
    }

    /** This gateway has started again since: whatever the earlier incarnation still sends is nobody's any more. */
    public boolean isSuperseded(long sentIncarnation) {
        return sentIncarnation < incarnation;
    }

    public long expectedNumber(long sentIncarnation) {
        return sentIncarnation == incarnation ? lastNumber + 1 : 1;
    }

    /** The reply that an applied batch got; null if it is too old to be remembered. */
    public @Nullable ByteString replyTo(long number) {
        Iterator<ByteString> newestFirst = replies.descendingIterator();
        for (long n = lastNumber; newestFirst.hasNext(); n--) {
            ByteString reply = newestFirst.next();
            if (n == number) {
                return reply;
            }
        }
        return null;
    }

    public void applied(long appliedIncarnation, long number, ByteString reply) {
        if (appliedIncarnation != incarnation) {
            incarnation = appliedIncarnation;
            replies.clear();
        }
        lastNumber = number;
        if (replies.size() == REPLIES_KEPT) {
            replies.removeFirst();
        }
        replies.addLast(reply);
        changed();
    }

    @Override
    Changes.Table table() {
        return Changes.Table.GATEWAYS;
    }

    @Override
    ByteString key() {
        return ByteString.copyFromUtf8(gateway);
    }

    @Override
    ByteString value() {
        return GatewayRecord.newBuilder()
                .setIncarnation(incarnation)
                .setLastNumber(lastNumber)
                .addAllReplies(replies)
                .build()
                .toByteString();
    }
}
