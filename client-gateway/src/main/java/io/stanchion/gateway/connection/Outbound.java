package io.stanchion.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.stanchion.gateway.core.Message;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to one client, and the limits on it. Owned by the connection's event loop; other threads reserve room.
 *
 * <p>Small things are copied into chunks, long payloads are passed on as they are. Netty gets one batch at a time: while a client does
 * not read, what comes gathers here in full chunks rather than in thousands of small buffers.
 */
final class Outbound {
    /** A generous guess at what a message needs besides its content. */
    static final int OVERHEAD_BYTES = 64;

    private static final int CHUNK_MIN_BYTES = 512;
    private static final int CHUNK_MAX_BYTES = 64 << 10;
    /** A slice keeps the whole buffer alive in which it arrived, so only long payloads are worth sharing. */
    private static final int SHARED_MIN_BYTES = 16 << 10;

    private static final int BATCH_MAX_BYTES = 1 << 20;
    /** So much is worth a flush before the turn ends. */
    private static final int EAGER_FLUSH_BYTES = 256 << 10;

    /** Up to this share of the limit a publisher who can wait need not. */
    private static final int ROOMY_SHARE = 8;

    private final Channel socket;
    private final Lane lane;
    private final Connection connection;
    private final long pendingMaxBytes;
    private final long writeDeadlineMillis;
    private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>();
    /** Appended here and not yet taken by the socket. */
    private final AtomicLong pendingBytes = new AtomicLong();
    /** Promised by other threads and not yet appended. */
    private final AtomicLong reservedBytes = new AtomicLong();

    private @Nullable ByteBuf tail;
    private int nextChunkBytes = CHUNK_MIN_BYTES;
    private boolean touched;
    private boolean writing;
    private long batchBytes;
    private long batchNumber;
    private boolean deadlineArmed;
    private boolean disposed;
    private @Nullable Runnable onDrained;

    Outbound(Channel socket, Lane lane, Connection connection, ConnectionLimits limits) {
        this.socket = socket;
        this.lane = lane;
        this.connection = connection;
        this.pendingMaxBytes = limits.pendingMaxBytes();
        this.writeDeadlineMillis = limits.writeDeadlineMillis();
    }

    /** Any thread. */
    long pendingBytes() {
        return pendingBytes.getOpaque() + reservedBytes.get();
    }

    int pendingChunks() {
        return chunks.size() + (tail == null ? 0 : 1) + (batchBytes == 0 ? 0 : 1);
    }

    /** Any thread: whether the client is far from being too slow. */
    boolean hasRoom() {
        return pendingBytes() < pendingMaxBytes / ROOMY_SHARE;
    }

    /** Any thread: room for a delivery that will be appended later; false if the client is too slow, which closes it. */
    boolean tryReserve(int bytes) {
        long after = reservedBytes.addAndGet(bytes) + pendingBytes.getOpaque();
        if (after > pendingMaxBytes) {
            reservedBytes.addAndGet(-bytes);
            connection.closeAsSlowConsumer(CloseReason.SLOW_CONSUMER_PENDING_BYTES);
            return false;
        }
        reportIfCongested(after);
        return true;
    }

    void returnReserved(int bytes) {
        reservedBytes.addAndGet(-bytes);
    }

    void append(byte[] bytes) {
        if (admit(bytes.length)) {
            room(bytes.length).writeBytes(bytes);
            afterAppend(bytes.length);
        }
    }

    void append(Message message, MessageLine line, boolean withHeaders, byte[] sid) {
        int lineBytes = line.length(withHeaders, sid.length);
        int contentBytes = message.content().readableBytes() - (withHeaders ? 0 : message.headerBytes());
        int total = lineBytes + contentBytes + 2;
        if (!admit(total)) {
            return;
        }
        if (contentBytes < SHARED_MIN_BYTES) {
            ByteBuf out = room(total);
            line.write(out, withHeaders, sid);
            MessageLine.writeContent(out, message, withHeaders);
        } else {
            line.write(room(lineBytes), withHeaders, sid);
            seal();
            ByteBuf content = message.content();
            int end = content.writerIndex();
            chunks.add(content.retainedSlice(end - contentBytes, contentBytes));
            room(2).writeByte('\r').writeByte('\n');
        }
        afterAppend(total);
    }

    void flush() {
        touched = false;
        writeOn();
    }

    /** Calls back, once, when everything that was appended has been taken by the socket. */
    void whenDrained(Runnable callback) {
        onDrained = callback;
        writeOn();
        reportDrained();
    }

    /** Drops what was not handed to the socket. */
    void dispose() {
        disposed = true;
        onDrained = null;
        if (tail != null) {
            tail.release();
            tail = null;
        }
        chunks.forEach(ByteBuf::release);
        chunks.clear();
    }

    private boolean admit(int bytes) {
        if (disposed) {
            return false;
        }
        long after = pendingBytes.getPlain() + bytes + reservedBytes.getPlain();
        if (after > pendingMaxBytes) {
            connection.closeAsSlowConsumer(CloseReason.SLOW_CONSUMER_PENDING_BYTES);
            return false;
        }
        reportIfCongested(after);
        return true;
    }

    private void reportIfCongested(long bytes) {
        if (bytes > pendingMaxBytes / 4 * 3) {
            Lane.reportCongestion();
        }
    }

    private void afterAppend(int bytes) {
        long pending = pendingBytes.getPlain() + bytes;
        pendingBytes.setOpaque(pending);
        if (pending - batchBytes >= EAGER_FLUSH_BYTES) {
            writeOn();
        }
        if (!touched) {
            touched = true;
            lane.touch(this);
        }
    }

    /** The chunk being filled, with room for {@code bytes}. */
    private ByteBuf room(int bytes) {
        if (tail != null && tail.readableBytes() + bytes > CHUNK_MAX_BYTES) {
            seal();
        }
        if (tail == null) {
            tail = socket.alloc().directBuffer(Math.max(bytes, nextChunkBytes));
        }
        return tail;
    }

    private void seal() {
        if (tail != null) {
            nextChunkBytes = Math.min(CHUNK_MAX_BYTES, Math.max(CHUNK_MIN_BYTES, powerOfTwo(tail.readableBytes())));
            chunks.add(tail);
            tail = null;
        }
    }

    private static int powerOfTwo(int bytes) {
        return Integer.highestOneBit(Math.max(1, bytes - 1)) << 1;
    }

    /** Hands batches to the socket until it stops taking them at once; {@link #onBatchWritten} goes on from there. */
    private void writeOn() {
        if (writing) {
            return;
        }
        writing = true;
        while (batchBytes == 0 && !disposed && (tail != null || !chunks.isEmpty())) {
            writeBatch();
        }
        writing = false;
        if (batchBytes > 0) {
            armDeadline();
        }
    }

    private void writeBatch() {
        if (chunks.isEmpty()) {
            seal();
        }
        long bytes = 0;
        for (ByteBuf chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
            bytes += chunk.readableBytes();
            if (bytes >= BATCH_MAX_BYTES || (chunks.isEmpty() && !sealedMore())) {
                batchBytes = bytes;
                batchNumber++;
                socket.write(chunk).addListener(future -> onBatchWritten((ChannelFuture) future));
                break;
            }
            var unused = socket.write(chunk, socket.voidPromise());
        }
        socket.flush();
    }

    private boolean sealedMore() {
        seal();
        return !chunks.isEmpty();
    }

    private void onBatchWritten(ChannelFuture future) {
        pendingBytes.setOpaque(pendingBytes.getPlain() - batchBytes);
        batchBytes = 0;
        if (!future.isSuccess()) {
            connection.onWriteFailed(future.cause());
            return;
        }
        writeOn();
        reportDrained();
    }

    private void reportDrained() {
        if (onDrained != null && batchBytes == 0 && tail == null && chunks.isEmpty()) {
            Runnable callback = onDrained;
            onDrained = null;
            callback.run();
        }
    }

    /** One timer at a time, and only while a batch is on its way; it looks again if that batch has made room for another. */
    private void armDeadline() {
        if (deadlineArmed) {
            return;
        }
        deadlineArmed = true;
        long number = batchNumber;
        var unused = lane.loop().schedule(() -> onDeadline(number), writeDeadlineMillis, TimeUnit.MILLISECONDS);
    }

    private void onDeadline(long number) {
        deadlineArmed = false;
        if (batchBytes == 0 || disposed) {
            return;
        }
        if (batchNumber == number) {
            connection.closeAsSlowConsumer(CloseReason.SLOW_CONSUMER_WRITE_DEADLINE);
        } else {
            armDeadline();
        }
    }
}
