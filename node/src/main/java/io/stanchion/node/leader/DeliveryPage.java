package io.stanchion.node.leader;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.stanchion.raftsm.effect.Effect.Deliver;
import io.stanchion.raftsm.store.MessageReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A few consecutive messages of a channel as pb.MsgProto, one behind the other in one buffer. The stored record is fields 3 and 4 as
 * they go over the wire; sequence and channel are put before it, time and redelivery behind.
 *
 * <p>It remembers what it holds: when a message goes to many subscriptions, it is read and encoded once. Owned by the leader's thread.
 */
final class DeliveryPage implements MessageReader.Sink {
    private static final int SEQUENCE_TAG = 1 << 3;
    private static final int CHANNEL_TAG = 2 << 3 | 2;
    private static final int TIMESTAMP_TAG = 5 << 3;
    private static final int REDELIVERED_TAG = 6 << 3;
    private static final int REDELIVERY_COUNT_TAG = 7 << 3;
    private static final int BYTES_MIN = 256;

    private final MessageReader reader;
    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf buffer;
    private byte[] channelField = {};
    private int[] ends = new int[16];
    private long[] sequences = new long[16];
    private int count;
    private long channelId;
    private long first;
    private long last;
    private int redeliveryCount;

    DeliveryPage(MessageReader reader, ByteBufAllocator allocator) {
        this.reader = reader;
        this.allocator = allocator;
    }

    /** Reads and encodes what is still stored of {@code first..last}, unless this page holds just that. */
    void load(Deliver delivery, long firstWanted, long lastWanted) {
        if (buffer != null
                && channelId == delivery.channelId()
                && first == firstWanted
                && last == lastWanted
                && redeliveryCount == delivery.redeliveryCount()) {
            return;
        }
        clear();
        buffer = allocator.buffer(BYTES_MIN);
        channelId = delivery.channelId();
        first = firstWanted;
        last = lastWanted;
        redeliveryCount = delivery.redeliveryCount();
        channelField = channelField(delivery.channel());
        reader.read(channelId, first, last, this);
    }

    /** How many messages there are: fewer than asked for if some were trimmed. */
    int count() {
        return count;
    }

    /** Of the first so many messages. */
    int bytes(int messages) {
        return messages == 0 ? 0 : ends[messages - 1];
    }

    long sequence(int index) {
        return sequences[index];
    }

    /** One message, borrowed from this page. */
    ByteBuf message(int index) {
        ByteBuf held = held();
        int start = index == 0 ? 0 : ends[index - 1];
        return held.slice(start, ends[index] - start);
    }

    void clear() {
        ByteBuf held = buffer;
        buffer = null;
        count = 0;
        if (held != null) {
            held.release();
        }
    }

    @Override
    public void onMessage(long sequence, long timestampNanos, ByteString record) {
        ByteBuf out = held();
        out.writeByte(SEQUENCE_TAG);
        writeVarint(out, sequence);
        out.writeBytes(channelField);
        writeRecord(out, record);
        if (timestampNanos != 0) {
            out.writeByte(TIMESTAMP_TAG);
            writeVarint(out, timestampNanos);
        }
        if (redeliveryCount > 0) {
            out.writeByte(REDELIVERED_TAG);
            out.writeByte(1);
            out.writeByte(REDELIVERY_COUNT_TAG);
            writeVarint(out, redeliveryCount);
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            sequences = Arrays.copyOf(sequences, 2 * count);
        }
        sequences[count] = sequence;
        ends[count++] = out.writerIndex();
    }

    private ByteBuf held() {
        ByteBuf held = buffer;
        if (held == null) {
            throw new IllegalStateException("nothing is loaded");
        }
        return held;
    }

    private byte[] channelField(String channel) {
        byte[] name = channel.getBytes(StandardCharsets.UTF_8);
        ByteBuf field = allocator.heapBuffer(name.length + 6);
        try {
            field.writeByte(CHANNEL_TAG);
            writeVarint(field, name.length);
            field.writeBytes(name);
            return ByteBufUtil.getBytes(field);
        } finally {
            field.release();
        }
    }

    private static void writeRecord(ByteBuf out, ByteString record) {
        try {
            UnsafeByteOperations.unsafeWriteTo(record, new Appender(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a buffer in memory does no IO
        }
    }

    private static void writeVarint(ByteBuf out, long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            out.writeByte(((int) left & 0x7f) | 0x80);
            left >>>= 7;
        }
        out.writeByte((int) left);
    }

    /** Copies the pieces of a ByteString without a detour. */
    private static final class Appender extends ByteOutput {
        private final ByteBuf out;

        Appender(ByteBuf out) {
            this.out = out;
        }

        @Override
        public void write(byte value) {
            out.writeByte(value);
        }

        @Override
        public void write(byte[] value, int offset, int length) {
            out.writeBytes(value, offset, length);
        }

        @Override
        public void writeLazy(byte[] value, int offset, int length) {
            out.writeBytes(value, offset, length);
        }

        @Override
        public void write(ByteBuffer value) {
            out.writeBytes(value);
        }

        @Override
        public void writeLazy(ByteBuffer value) {
            out.writeBytes(value);
        }
    }
}
