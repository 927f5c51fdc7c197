package io.stanchion.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Subject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The MSG or HMSG line of one message without the sid, which is all that differs from subscriber to subscriber. Owned by an event
 * loop; encoded once for all of its subscribers.
 *
 * <pre>
 * HMSG subject &lt;sid&gt; reply 12 17\r\n      (MSG is the same from its second letter on)
 * ^ head        ^ tail
 * </pre>
 */
final class MessageLine {
    private static final byte[] VERB = {'H', 'M', 'S', 'G', ' '};
    private static final int NUMBER_DIGITS_MAX = 10;
    private static final int CRLF = 0x0D0A;

    private byte[] head = Arrays.copyOf(VERB, 256);
    private int headLength;
    private byte[] tail = new byte[256];
    private int tailLength;
    /** The tail for subscribers who get the payload only. */
    private byte[] plainTail = new byte[256];

    private int plainTailLength;
    private boolean hasHeaders;
    private @Nullable Message encoded;

    /** Does nothing for the message that was encoded last; identity is meant, and quick. */
    @SuppressWarnings("ReferenceEquality")
    void encode(Message message) {
        if (message == encoded) {
            return;
        }
        Subject subject = message.subject();
        headLength = VERB.length + subject.length() + 1;
        head = ensure(head, headLength);
        subject.writeTo(head, VERB.length);
        head[headLength - 1] = ' ';
        Subject reply = message.reply();
        int replyRoom = reply == null ? 0 : reply.length();
        tail = ensure(tail, replyRoom + 2 * NUMBER_DIGITS_MAX + 6);
        plainTail = ensure(plainTail, replyRoom + NUMBER_DIGITS_MAX + 6);
        int contentBytes = message.content().readableBytes();
        hasHeaders = message.headerBytes() > 0;
        if (hasHeaders) {
            int at = writeNumber(tail, writeReply(tail, reply), message.headerBytes());
            tail[at++] = ' ';
            tailLength = writeEnd(tail, writeNumber(tail, at, contentBytes));
        }
        int at = writeNumber(plainTail, writeReply(plainTail, reply), contentBytes - message.headerBytes());
        plainTailLength = writeEnd(plainTail, at);
        encoded = message;
    }

    /** Whether a subscriber who understands headers gets any. */
    boolean isWithHeaders(boolean understood) {
        return hasHeaders && understood;
    }

    int length(boolean withHeaders, int sidLength) {
        return withHeaders ? headLength + sidLength + tailLength : headLength - 1 + sidLength + plainTailLength;
    }

    void write(ByteBuf out, boolean withHeaders, byte[] sid) {
        if (withHeaders) {
            out.writeBytes(head, 0, headLength);
            out.writeBytes(sid);
            out.writeBytes(tail, 0, tailLength);
        } else {
            out.writeBytes(head, 1, headLength - 1);
            out.writeBytes(sid);
            out.writeBytes(plainTail, 0, plainTailLength);
        }
    }

    static void writeContent(ByteBuf out, Message message, boolean withHeaders) {
        int skipped = withHeaders ? 0 : message.headerBytes();
        ByteBuf content = message.content();
        out.writeBytes(content, content.readerIndex() + skipped, content.readableBytes() - skipped);
        out.writeShort(CRLF);
    }

    private static int writeReply(byte[] target, @Nullable Subject reply) {
        target[0] = ' ';
        if (reply == null) {
            return 1;
        }
        reply.writeTo(target, 1);
        target[1 + reply.length()] = ' ';
        return 2 + reply.length();
    }

    private static int writeNumber(byte[] target, int from, int number) {
        int digits = 1;
        for (int rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        int rest = number;
        for (int i = from + digits - 1; i >= from; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return from + digits;
    }

    private static int writeEnd(byte[] target, int from) {
        target[from] = '\r';
        target[from + 1] = '\n';
        return from + 2;
    }

    private static byte[] ensure(byte[] array, int length) {
        return array.length >= length ? array : Arrays.copyOf(array, Math.max(length, 2 * array.length));
    }
}
