package io.stanchion.raftsm.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.stanchion.raftsm.model.Changes.PutRun;
import io.stanchion.raftsm.model.RunIndex.Run;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A run as a value of the messages table: timestamp (8 bytes), count (4), checksum (4), then the records as they came.
 *
 * <p>The checksum covers the key too: a run that turns up under another key is as bad as a changed one.
 */
final class RunValue {
    static final int HEADER_LENGTH = Long.BYTES + Integer.BYTES + Integer.BYTES;

    private static final int CHECKSUM_AT = Long.BYTES + Integer.BYTES;

    private RunValue() {}

    static int length(PutRun run) {
        return HEADER_LENGTH + run.records().size();
    }

    /** Writes {@link #length} bytes and leaves the buffer ready to be read. */
    static void write(PutRun run, ByteBuffer to) {
        to.clear().putLong(run.timestampNanos()).putInt(run.count()).putInt(0);
        run.records().copyTo(to);
        to.flip();
        to.putInt(CHECKSUM_AT, checksum(run.channelId(), run.first(), to));
    }

    static Run header(long first, byte[] header, int valueLength) {
        ByteBuffer in = ByteBuffer.wrap(header);
        long timestampNanos = in.getLong();
        return new Run(first, in.getInt(), timestampNanos, valueLength - HEADER_LENGTH);
    }

    /** @throws CorruptMessageException if the checksum does not match */
    static PutRun read(long channelId, long first, byte[] value) {
        if (value.length < HEADER_LENGTH) {
            throw new CorruptMessageException(place(channelId, first) + " has only " + value.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        int stored = in.getInt(CHECKSUM_AT);
        if (checksum(channelId, first, in) != stored) {
            throw new CorruptMessageException(place(channelId, first) + " does not match its checksum");
        }
        ByteString records = UnsafeByteOperations.unsafeWrap(value, HEADER_LENGTH, value.length - HEADER_LENGTH);
        return new PutRun(channelId, first, in.getInt(Long.BYTES), in.getLong(0), records);
    }

    private static int checksum(long channelId, long first, ByteBuffer value) {
        CRC32C crc = new CRC32C();
        crc.update(Keys.run(channelId, first));
        crc.update(value.duplicate().limit(CHECKSUM_AT));
        crc.update(value.duplicate().position(HEADER_LENGTH));
        return (int) crc.getValue();
    }

    /** Hands the messages {@code from..to} of a run to the sink, as far as the run has them. */
    static void forEach(PutRun run, long from, long to, MessageReader.Sink sink) {
        ByteString records = run.records();
        long end = Math.min(to, run.first() + run.count() - 1);
        int position = 0;
        for (long sequence = run.first(); sequence <= end; sequence++) {
            long length = 0;
            int shift = 0;
            byte b;
            do {
                if (position >= records.size() || shift > 28) {
                    throw endsEarly(run, sequence);
                }
                b = records.byteAt(position++);
                length |= (b & 0x7fL) << shift;
                shift += 7;
            } while (b < 0);
            if (length > records.size() - position) {
                throw endsEarly(run, sequence);
            }
            int next = position + (int) length;
            if (sequence >= from) {
                sink.onMessage(sequence, run.timestampNanos(), records.substring(position, next));
            }
            position = next;
        }
    }

    private static CorruptMessageException endsEarly(PutRun run, long sequence) {
        return new CorruptMessageException(
                place(run.channelId(), run.first()) + " ends before message " + sequence + " of " + run.count());
    }

    static String place(long channelId, long first) {
        return "the run of channel " + channelId + " at " + first;
    }
}
