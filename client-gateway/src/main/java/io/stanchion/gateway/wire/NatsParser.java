package io.stanchion.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one client into calls, wherever the network has cut them. Owned by one event loop.
 *
 * <p>A complete operation is read where it lies. What is incomplete at the end of a read is copied once, and grows with what arrives:
 * never by what a client only announces.
 */
public final class NatsParser implements AutoCloseable {
    private static final byte LF = '\n';
    private static final byte CR = '\r';
    private static final int ARGUMENTS_MAX = 5;
    /** A size has at most 9 digits, so it cannot overflow. */
    private static final int SIZE_DIGITS_MAX = 9;

    private static final int NO_SIZE = -1;
    /** More blanks than this before the arguments of a line count like a line that is too long. */
    private static final int BLANKS_MAX = 1024;
    /** So much of what nobody understands goes into the log. */
    private static final int SNIPPET_MAX = 32;

    private static final int LINE_SNIPPET_MAX = 128;

    private final ByteBufAllocator allocator;
    private int controlLineMax;
    private int payloadMax;
    /** Start and end of each argument, relative to the start of the line. */
    private final int[] arguments = new int[2 * ARGUMENTS_MAX];

    private final PublishFrame frame = new PublishFrame();

    private State state = State.CONTROL_LINE;
    private boolean headersAllowed;
    private boolean stopped;
    /** The start of an operation whose rest has not arrived. */
    private @Nullable ByteBuf carry;
    /** Bytes of the control line which are known to hold no LF. */
    private int scanned;

    private int argumentCount;
    /** Of the PUB or HPUB whose payload is being waited for. */
    private int lineLength;

    private int contentLength;
    private int headerLength;
    private int sizeCount;

    private enum State {
        CONTROL_LINE, // PUB foo 5\r\n <here> hello\r\n
        PAYLOAD // hello\r\n <here>
    }

    public NatsParser(ByteBufAllocator allocator, int controlLineMax, int payloadMax) {
        this.allocator = allocator;
        this.controlLineMax = controlLineMax;
        this.payloadMax = payloadMax;
    }

    /** Changes the limits for what comes from here on. */
    public void limit(int newControlLineMax, int newPayloadMax) {
        controlLineMax = newControlLineMax;
        payloadMax = newPayloadMax;
    }

    /** Whether HPUB is acceptable from here on. */
    public void allowHeaders(boolean allowed) {
        headersAllowed = allowed;
    }

    /** Ignores everything from here on; may be called by the sink. */
    public void stop() {
        stopped = true;
    }

    /** Bytes that are kept because their operation is incomplete. */
    public int carriedBytes() {
        return carry == null ? 0 : carry.readableBytes();
    }

    /** Reads all of {@code in}, which stays the caller's. */
    public void feed(ByteBuf in, NatsSink sink) {
        while (carry != null && in.isReadable() && !stopped) {
            feedCarried(carry, in, sink);
        }
        while (!stopped && in.isReadable() && step(in, sink)) {
            // each step reads one line or one payload
        }
        if (!stopped && in.isReadable()) {
            keep(in);
        }
        if (stopped) {
            close();
        }
    }

    @Override
    public void close() {
        stopped = true;
        if (carry != null) {
            carry.release();
            carry = null;
        }
    }

    private void feedCarried(ByteBuf carried, ByteBuf in, NatsSink sink) {
        carried.writeBytes(in, Math.min(missingBytes(carried, in), in.readableBytes()));
        while (!stopped && carried.isReadable() && step(carried, sink)) {
            // as above
        }
        if (!carried.isReadable() && carry != null) {
            carry = null;
            carried.release();
        }
    }

    /** No more than belongs to the operation that has begun: what follows it is read in place. */
    private int missingBytes(ByteBuf carried, ByteBuf in) {
        if (state == State.PAYLOAD) {
            return lineLength + contentLength + 2 - carried.readableBytes();
        }
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), LF);
        return end < 0 ? in.readableBytes() : end + 1 - in.readerIndex();
    }

    private void keep(ByteBuf in) {
        int count = in.readableBytes();
        int needed = state == State.PAYLOAD ? lineLength + contentLength + 2 : count + 64;
        carry = allocator.buffer(Math.min(needed, 4 * count)).writeBytes(in);
    }

    /** Returns false when more bytes are needed; nothing has been consumed in that case. */
    private boolean step(ByteBuf in, NatsSink sink) {
        return switch (state) {
            case CONTROL_LINE -> readControlLine(in, sink);
            case PAYLOAD -> readPayload(in, sink);
        };
    }

    private boolean readControlLine(ByteBuf in, NatsSink sink) {
        int start = in.readerIndex();
        int end = in.indexOf(start + scanned, in.writerIndex(), LF);
        if (end < 0) {
            return awaitControlLine(in, sink);
        }
        scanned = 0;
        Verb verb = Verb.at(in, start, end - start);
        if (verb == null || (verb.needsBlank() && !isBlank(in.getByte(start + verb.length())))) {
            return violation(Violation.UNKNOWN_OPERATION, unknown(in, start), sink);
        }
        int argumentsStart = skipBlanks(in, start + verb.length(), end);
        int argumentsEnd = end > argumentsStart && in.getByte(end - 1) == CR ? end - 1 : end;
        if (argumentsEnd - argumentsStart > controlLineMax && !verb.ignoresRest()) {
            return violation(Violation.CONTROL_LINE_TOO_LONG, tooLong(in, argumentsStart), sink);
        }
        lineLength = end + 1 - start;
        return switch (verb) {
            case PUB -> beginPayload(in, argumentsStart, argumentsEnd, 1, sink);
            case HPUB ->
                headersAllowed
                        ? beginPayload(in, argumentsStart, argumentsEnd, 2, sink)
                        : violation(Violation.BAD_ARGUMENTS, "message headers not supported", sink);
            default -> {
                in.readerIndex(end + 1);
                yield readSimple(verb, in, start, argumentsStart, argumentsEnd, sink);
            }
        };
    }

    private boolean readSimple(Verb verb, ByteBuf in, int start, int from, int to, NatsSink sink) {
        switch (verb) {
            case SUB -> readSub(in, start, from, to, sink);
            case UNSUB -> readUnsub(in, start, from, to, sink);
            case PING -> sink.onPing();
            case PONG -> sink.onPong();
            case CONNECT -> sink.onConnect(copy(in, from, to));
            case INFO -> sink.onInfo(copy(in, from, to));
            case ERR -> violation(Violation.REMOTE_ERROR, "Client Error " + text(in, from, to), sink);
            default -> {} // +OK says nothing
        }
        return true;
    }

    /** Finds as early as possible that a line will never become a good one. */
    private boolean awaitControlLine(ByteBuf in, NatsSink sink) {
        int start = in.readerIndex();
        int available = in.readableBytes();
        Verb verb = Verb.at(in, start, available);
        if (verb == null) {
            return !Verb.mayBegin(in, start, available)
                    && violation(Violation.UNKNOWN_OPERATION, unknown(in, start), sink);
        }
        if (verb.ignoresRest()) {
            in.writerIndex(start + verb.length()); // the rest may be endless, and nobody reads it
            return false;
        }
        scanned = available;
        int next = start + verb.length();
        if (verb.needsBlank() && available > verb.length() && !isBlank(in.getByte(next))) {
            return violation(Violation.UNKNOWN_OPERATION, unknown(in, start), sink);
        }
        int argumentsStart = skipBlanks(in, next, in.writerIndex());
        int argumentsEnd = in.getByte(in.writerIndex() - 1) == CR ? in.writerIndex() - 1 : in.writerIndex();
        boolean tooLong = argumentsEnd - argumentsStart > controlLineMax || argumentsStart - next > BLANKS_MAX;
        return tooLong && violation(Violation.CONTROL_LINE_TOO_LONG, tooLong(in, argumentsStart), sink);
    }

    private boolean beginPayload(ByteBuf in, int from, int to, int sizes, NatsSink sink) {
        splitArguments(in, in.readerIndex(), from, to);
        String verb = sizes == 1 ? "processPub" : "processHeaderPub";
        if (argumentCount != sizes + 1 && argumentCount != sizes + 2) {
            return badArguments(verb + " Parse Error", in, from, to, sink);
        }
        int start = in.readerIndex();
        int total = readSize(in, start, argumentCount - 1);
        int headers = sizes == 1 ? 0 : readSize(in, start, argumentCount - 2);
        if (total == NO_SIZE || headers == NO_SIZE || headers > total) {
            return badArguments(verb + " Bad or Missing Size", in, from, to, sink);
        }
        if (total > payloadMax) {
            return violation(
                    Violation.PAYLOAD_TOO_BIG, "maximum payload exceeded: " + total + " vs " + payloadMax, sink);
        }
        contentLength = total;
        headerLength = headers;
        sizeCount = sizes;
        state = State.PAYLOAD;
        return true;
    }

    private boolean readPayload(ByteBuf in, NatsSink sink) {
        int start = in.readerIndex();
        int contentStart = start + lineLength;
        int trailer = contentStart + contentLength;
        int present = in.writerIndex() - trailer;
        boolean bad = (present > 0 && in.getByte(trailer) != CR) || (present > 1 && in.getByte(trailer + 1) != LF);
        if (bad) {
            return violation(Violation.UNKNOWN_OPERATION, unknown(in, trailer), sink);
        }
        if (present < 2) {
            return false;
        }
        frame.place(in, start, arguments, argumentCount, sizeCount);
        frame.fill(contentStart, contentLength, headerLength);
        in.readerIndex(trailer + 2);
        state = State.CONTROL_LINE;
        sink.onPublish(frame);
        frame.clear();
        return true;
    }

    private void readSub(ByteBuf in, int start, int from, int to, NatsSink sink) {
        splitArguments(in, start, from, to);
        switch (argumentCount) {
            case 2 -> sink.onSub(argument(in, start, 0), null, argument(in, start, 1));
            case 3 -> sink.onSub(argument(in, start, 0), argument(in, start, 1), argument(in, start, 2));
            default -> badArguments("processSub Parse Error", in, from, to, sink);
        }
    }

    private void readUnsub(ByteBuf in, int start, int from, int to, NatsSink sink) {
        splitArguments(in, start, from, to);
        switch (argumentCount) {
            case 1 -> sink.onUnsub(argument(in, start, 0), 0);
            case 2 -> sink.onUnsub(argument(in, start, 0), Math.max(0, readSize(in, start, 1)));
            default -> badArguments("processUnsub Parse Error", in, from, to, sink);
        }
    }

    private boolean badArguments(String what, ByteBuf in, int from, int to, NatsSink sink) {
        return violation(Violation.BAD_ARGUMENTS, what + ": " + NatsWriter.quoted(text(in, from, to)), sink);
    }

    private boolean violation(Violation violation, String details, NatsSink sink) {
        stopped = true;
        sink.onViolation(violation, details);
        return true;
    }

    private String unknown(ByteBuf in, int at) {
        return "Client parser ERROR, state=" + state + ", i=" + at + ": proto='" + snippet(in, at, SNIPPET_MAX)
                + "...'";
    }

    private String tooLong(ByteBuf in, int at) {
        return "maximum control line exceeded: max_control_line " + controlLineMax + ", Buffer len "
                + in.readableBytes() + " (snip: " + snippet(in, at, LINE_SNIPPET_MAX) + "...)";
    }

    private static String snippet(ByteBuf in, int at, int max) {
        return NatsWriter.quoted(text(in, at, Math.min(at + max, in.writerIndex())));
    }

    private static String text(ByteBuf in, int from, int to) {
        return in.toString(from, to - from, StandardCharsets.UTF_8);
    }

    /** Counts on beyond what can be kept: the number alone shows then that there are too many. */
    private void splitArguments(ByteBuf in, int lineStart, int from, int to) {
        argumentCount = 0;
        int i = from;
        while (i < to && argumentCount <= ARGUMENTS_MAX) {
            int start = i;
            while (i < to && !isSeparator(in.getByte(i))) {
                i++;
            }
            if (i > start) {
                if (argumentCount < ARGUMENTS_MAX) {
                    arguments[2 * argumentCount] = start - lineStart;
                    arguments[2 * argumentCount + 1] = i - lineStart;
                }
                argumentCount++;
            }
            i++;
        }
    }

    private int readSize(ByteBuf in, int lineStart, int index) {
        int from = lineStart + arguments[2 * index];
        int to = lineStart + arguments[2 * index + 1];
        if (to - from > SIZE_DIGITS_MAX) {
            return NO_SIZE;
        }
        int size = 0;
        for (int i = from; i < to; i++) {
            int digit = in.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return NO_SIZE;
            }
            size = size * 10 + digit;
        }
        return size;
    }

    private byte[] argument(ByteBuf in, int lineStart, int index) {
        return copy(in, lineStart + arguments[2 * index], lineStart + arguments[2 * index + 1]);
    }

    private static byte[] copy(ByteBuf in, int from, int to) {
        byte[] bytes = new byte[to - from];
        in.getBytes(from, bytes);
        return bytes;
    }

    private static int skipBlanks(ByteBuf in, int from, int to) {
        int i = from;
        while (i < to && isBlank(in.getByte(i))) {
            i++;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isSeparator(byte b) {
        return b == ' ' || b == '\t' || b == CR;
    }
}
