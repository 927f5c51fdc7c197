package io.stanchion.gateway.connection;

import io.stanchion.gateway.core.Subject;
import java.nio.charset.StandardCharsets;

/** The status message for a request that reached nobody (protocol specification 4.7). */
final class NoResponders {
    private static final byte[] BEFORE = "NATS/1.0 503\r\nNats-Subject: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AFTER = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private NoResponders() {}

    static byte[] headerBlock(Subject subject) {
        byte[] block = new byte[BEFORE.length + subject.length() + AFTER.length];
        System.arraycopy(BEFORE, 0, block, 0, BEFORE.length);
        subject.writeTo(block, BEFORE.length);
        System.arraycopy(AFTER, 0, block, block.length - AFTER.length, AFTER.length);
        return block;
    }
}
