package io.stanchion.gateway.stan;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.stanchion.gateway.core.Message;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of a protobuf message where they lie, as the reference's decoder does: unlike Java's, it takes strings that are not
 * UTF-8, and calls a known field with a wrong wire type garbage. An accessor says which type its caller expects.
 */
final class WireReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int START_GROUP = 3;
    private static final int END_GROUP = 4;
    private static final int FIXED32 = 5;
    private static final int VARINT_BITS_MAX = 70;

    private final ByteBuf in;
    private final int end;
    private int position;
    private int field;
    private int type;
    private long number;
    private int start;
    private int length;
    private boolean garbage;

    private WireReader(ByteBuf in, int from, int end) {
        this.in = in;
        this.position = from;
        this.end = end;
    }

    static WireReader of(Message message) {
        ByteBuf content = message.content();
        return new WireReader(content, content.readerIndex() + message.headerBytes(), content.writerIndex());
    }

    /** Steps to the next field and over its value; false at the end, and where the bytes make no sense. */
    boolean next() {
        if (garbage || position >= end) {
            return false;
        }
        readTag();
        readValue();
        return !garbage;
    }

    boolean isGarbage() {
        return garbage;
    }

    int field() {
        return field;
    }

    String text() {
        return isBytes() ? in.toString(start, length, StandardCharsets.UTF_8) : "";
    }

    ByteString bytes() {
        if (!isBytes() || length == 0) {
            return ByteString.EMPTY;
        }
        byte[] copy = new byte[length];
        in.getBytes(start, copy);
        return ByteString.copyFrom(copy);
    }

    long int64() {
        garbage |= type != VARINT;
        return number;
    }

    int int32() {
        return (int) int64();
    }

    /** Expects a string or bytes, which then lie at {@link #start()}. */
    boolean isBytes() {
        garbage |= type != BYTES;
        return !garbage;
    }

    int start() {
        return start;
    }

    int length() {
        return length;
    }

    private void readTag() {
        long tag = readVarint();
        field = (int) (tag >>> 3);
        type = (int) tag & 7;
        garbage |= field <= 0;
    }

    private void readValue() {
        switch (type) {
            case VARINT -> number = readVarint();
            case FIXED64 -> skip(Long.BYTES);
            case FIXED32 -> skip(Integer.BYTES);
            case BYTES -> {
                long announced = readVarint();
                start = position;
                length = (int) announced;
                skip(announced);
            }
            case START_GROUP -> skipGroup();
            default -> garbage = true;
        }
    }

    /** Groups are long out of use; one that nobody knows is stepped over like any other field. */
    private void skipGroup() {
        int group = field;
        for (int depth = 1; depth > 0 && !garbage; ) {
            readTag();
            if (type == START_GROUP) {
                depth++;
            } else if (type == END_GROUP) {
                depth--;
            } else {
                readValue();
            }
        }
        field = group;
        type = START_GROUP;
    }

    private void skip(long count) {
        if (count < 0 || count > end - position) {
            garbage = true;
        } else {
            position += (int) count;
        }
    }

    private long readVarint() {
        long value = 0;
        for (int shift = 0; shift < VARINT_BITS_MAX && position < end; shift += 7) {
            byte b = in.getByte(position++);
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        garbage = true;
        return 0;
    }
}
