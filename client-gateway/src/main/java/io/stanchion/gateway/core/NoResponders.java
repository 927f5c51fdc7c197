package io.stanchion.gateway.core;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The status message for a request that reached nobody (protocol specification 4.7). */
public final class NoResponders {
    private static final byte[] BEFORE = "NATS/1.0 503\r\nNats-Subject: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AFTER = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] STATUS = "NATS/1.0 503".getBytes(StandardCharsets.US_ASCII);

    private NoResponders() {}

    /** Whether this came instead of a reply. */
    static boolean isStatusOf(Message reply) {
        ByteBuf content = reply.content();
        if (reply.headerBytes() < STATUS.length || content.readableBytes() != reply.headerBytes()) {
            return false;
        }
        for (int i = 0; i < STATUS.length; i++) {
            if (content.getByte(content.readerIndex() + i) != STATUS[i]) {
                return false;
            }
        }
        return true;
    }

    public static byte[] headerBlock(Subject subject) {
        byte[] block = new byte[BEFORE.length + subject.length() + AFTER.length];
        System.arraycopy(BEFORE, 0, block, 0, BEFORE.length);
        subject.writeTo(block, BEFORE.length);
        System.arraycopy(AFTER, 0, block, block.length - AFTER.length, AFTER.length);
        return block;
    }
}
