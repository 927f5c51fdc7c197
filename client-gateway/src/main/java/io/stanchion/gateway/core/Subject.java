package io.stanchion.gateway.core;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A subject, pattern, queue name or inbox: immutable bytes, compared as bytes (protocol specification 4.1). Nothing is validated on
 * the way in; a subject from a client may hold any byte except blanks and line ends.
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

    /** Copies a range of absolute indices. */
    public static Subject copyOf(ByteBuf source, int start, int length) {
        byte[] bytes = new byte[length];
        source.getBytes(start, bytes);
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

    /** Whether these bytes stand at an absolute index of {@code source}. */
    boolean isAt(ByteBuf source, int start, int length) {
        if (length != bytes.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] != source.getByte(start + i)) {
                return false;
            }
        }
        return true;
    }

    public int tokenCount() {
        int count = 1;
        for (byte b : bytes) {
            if (b == '.') {
                count++;
            }
        }
        return count;
    }

    /** Whether one may subscribe to this: no empty token, and nothing after a token {@code >}. */
    public boolean isPattern() {
        for (int from = 0; from <= bytes.length; ) {
            int to = tokenEnd(from);
            if (to == from || (isToken('>', from, to) && to < bytes.length)) {
                return false;
            }
            from = to + 1;
        }
        return true;
    }

    /** Whether a pedantic server lets this pass as the subject of a message: no empty token and no wildcard. */
    public boolean isLiteral() {
        for (int from = 0; from <= bytes.length; ) {
            int to = tokenEnd(from);
            if (to == from || isToken('*', from, to) || isToken('>', from, to)) {
                return false;
            }
            from = to + 1;
        }
        return true;
    }

    public boolean hasEmptyToken() {
        byte before = '.';
        for (byte b : bytes) {
            if (b == '.' && before == '.') {
                return true;
            }
            before = b;
        }
        return before == '.';
    }

    public void writeTo(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /** Copies the bytes to {@code target}. */
    public void writeTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, bytes.length);
    }

    /** A read-only view, no copy. */
    public ByteBuf asByteBuf() {
        return Unpooled.wrappedBuffer(bytes).asReadOnly();
    }

    /** End of the token that starts at {@code from}: the index of the next dot, or the length. */
    int tokenEnd(int from) {
        int to = from;
        while (to < bytes.length && bytes[to] != '.') {
            to++;
        }
        return to;
    }

    boolean isToken(char wildcard, int from, int to) {
        return to - from == 1 && bytes[from] == wildcard;
    }

    /** The bytes themselves; never written to. */
    byte[] array() {
        return bytes;
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
