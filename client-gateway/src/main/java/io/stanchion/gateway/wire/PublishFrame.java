package io.stanchion.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A PUB or HPUB in the buffer in which it arrived. Owned by the parser, which uses it again for the next one. */
public final class PublishFrame {
    private ByteBuf source = Unpooled.EMPTY_BUFFER;
    private int subjectStart;
    private int subjectLength;
    private int replyStart;
    private int replyLength;
    private int contentStart;
    private int contentLength;
    private int headerBytes;

    /** All positions below are absolute indices of this buffer. */
    public ByteBuf source() {
        return source;
    }

    public int subjectStart() {
        return subjectStart;
    }

    public int subjectLength() {
        return subjectLength;
    }

    public int replyStart() {
        return replyStart;
    }

    /** 0 if there is no reply subject. */
    public int replyLength() {
        return replyLength;
    }

    /** Length of the header block at the start of the content; 0 if there is none. */
    public int headerBytes() {
        return headerBytes;
    }

    public int contentLength() {
        return contentLength;
    }

    /** Header block and payload, not copied; whoever keeps the slice retains it. */
    public ByteBuf content() {
        return contentLength == 0 ? Unpooled.EMPTY_BUFFER : source.slice(contentStart, contentLength);
    }

    void place(ByteBuf buffer, int lineStart, int[] arguments, int argumentCount, int sizeCount) {
        source = buffer;
        subjectStart = lineStart + arguments[0];
        subjectLength = arguments[1] - arguments[0];
        boolean hasReply = argumentCount - sizeCount == 2;
        replyStart = hasReply ? lineStart + arguments[2] : 0;
        replyLength = hasReply ? arguments[3] - arguments[2] : 0;
    }

    void fill(int start, int length, int headerLength) {
        contentStart = start;
        contentLength = length;
        headerBytes = headerLength;
    }

    void clear() {
        source = Unpooled.EMPTY_BUFFER;
    }
}
