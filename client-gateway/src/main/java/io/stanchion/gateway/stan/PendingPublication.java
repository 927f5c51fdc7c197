package io.stanchion.gateway.stan;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Subject;
import org.jspecify.annotations.Nullable;

/**
 * A publish between its arrival and its PubAck. Tens of thousands may wait, so it is small: the PubAck is encoded already, names are
 * shared, and the network buffer is let go as soon as the record is written. The log owns it, one thread at a time.
 */
final class PendingPublication implements Publication {
    private static final byte REPLY_TAG = 3 << 3 | 2;
    private static final byte DATA_TAG = 4 << 3 | 2;

    private final Replies replies;
    private final StanCounters counters;
    private final long arrivedNanos = System.nanoTime();
    private final @Nullable Subject ackTo;
    private final byte[] ack;
    private final String channel;
    private final ByteString connId;
    private final String clientId;
    private final int replyStart;
    private final int replyLength;
    private final int dataStart;
    private final int dataLength;

    /** Null once the record is written, or if there is nothing in it. */
    private @Nullable ByteBuf content;

    PendingPublication(
            Replies replies,
            StanCounters counters,
            Message message,
            PublishRequests.PubFields fields,
            String channel,
            ByteString connId,
            String clientId) {
        this.replies = replies;
        this.counters = counters;
        this.ackTo = message.reply();
        this.ack = PubAcks.stored(message.content(), fields.guidStart, fields.guidLength);
        this.channel = channel;
        this.connId = connId;
        this.clientId = clientId;
        this.replyStart = fields.replyStart;
        this.replyLength = fields.replyLength;
        this.dataStart = fields.dataStart;
        this.dataLength = fields.dataLength;
        this.content = recordBytes() > 0 ? message.content().retain() : null;
    }

    @Override
    public String channel() {
        return channel;
    }

    @Override
    public ByteString connId() {
        return connId;
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public int recordBytes() {
        return fieldBytes(replyLength) + fieldBytes(dataLength);
    }

    /** An empty field is not written at all. */
    private static int fieldBytes(int length) {
        return length == 0 ? 0 : 1 + Varints.size(length) + length;
    }

    @Override
    public void writeRecord(byte[] target, int offset) {
        ByteBuf source = content;
        if (source != null) {
            int behind = writeField(source, REPLY_TAG, replyStart, replyLength, target, offset);
            writeField(source, DATA_TAG, dataStart, dataLength, target, behind);
            releaseContent();
        }
    }

    private static int writeField(ByteBuf source, byte tag, int start, int length, byte[] target, int offset) {
        if (length == 0) {
            return offset;
        }
        target[offset] = tag;
        int position = Varints.write(length, target, offset + 1);
        source.getBytes(start, target, position, length);
        return position + length;
    }

    @Override
    public void onStored() {
        counters.onStored(System.nanoTime() - arrivedNanos);
        RequestTrace.stored(clientId, channel, ack);
        if (ackTo != null) {
            replies.send(ackTo, ack);
        }
    }

    @Override
    public void onRefused(String error) {
        releaseContent();
        if (ackTo != null) {
            replies.send(ackTo, PubAcks.refused(ack, error));
        }
    }

    private void releaseContent() {
        ByteBuf held = content;
        if (held != null) {
            content = null;
            held.release();
        }
    }
}
