package io.stanchion.gateway.core;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A subject, pattern, queue name or inbox: immutable bytes, compared as bytes (protocol specification 4.1). Nothing is validated
 * here; a subject from a client may hold any byte except blanks and line ends.
 */
public final class Subject {
    private final byte[] bytes;
    private final int hash;

    private Subject(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    public static Subject of(String text) {
        return new Subject(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes ownership of the array: the caller must not change it afterwards. */
    public static Subject ofBytes(byte[] bytes) {
        return new Subject(bytes);
    }

    public int length() {
        return bytes.length;
    }

    public byte byteAt(int index) {
        return bytes[index];
    }

    public boolean startsWith(Subject prefix) {
        return bytes.length >= prefix.bytes.length
                && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
    }

    public void writeTo(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /** A read-only view, no copy. */
    public ByteBuf asByteBuf() {
        return Unpooled.wrappedBuffer(bytes).asReadOnly();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Subject that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
