package io.stanchion.raftsm.command;

import com.google.protobuf.ByteString;

/** A walk over a run's records: a varint length, then that many bytes, each. */
final class Records {
    private final ByteString bytes;
    private int position;
    private boolean damaged;

    Records(ByteString bytes) {
        this.bytes = bytes;
    }

    /** Where the next record begins. */
    int position() {
        return position;
    }

    /** Steps over {@code count} records; false if there are no more, or if these are no records. */
    boolean skip(int count) {
        for (int i = 0; i < count; i++) {
            if (!skip()) {
                return false;
            }
        }
        return true;
    }

    private boolean skip() {
        long length = 0;
        int shift = 0;
        while (position < bytes.size() && shift < 35) {
            byte b = bytes.byteAt(position++);
            length |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return skipBytes(length);
            }
            shift += 7;
        }
        damaged = damaged || shift > 0;
        return false;
    }

    private boolean skipBytes(long length) {
        damaged = length > bytes.size() - position;
        position += damaged ? 0 : (int) length;
        return !damaged;
    }

    /** How many records these bytes are; -1 if they are not. */
    static int count(ByteString bytes) {
        Records records = new Records(bytes);
        int count = 0;
        while (records.skip()) {
            count++;
        }
        return records.damaged || records.position < bytes.size() ? -1 : count;
    }
}
