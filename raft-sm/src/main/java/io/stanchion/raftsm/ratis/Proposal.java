package io.stanchion.raftsm.ratis;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.stanchion.proto.command.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * A gateway's batch on its way into the log: its bytes, and room behind them for the time.
 *
 * <p>Ratis keeps the transaction that it was given first, so the bytes in it can't be replaced when the time is known. They are written
 * instead, in place, by the one call that runs in log order, before anybody else reads them; from then on they never change. The same
 * call seals them, if the log is encrypted.
 */
final class Proposal {
    private static final int TIME_TAG =
            Batch.TIME_NANOS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_FIXED64; // fits one byte: 15 is the last that does

    private static final int TIME_LENGTH = 1 + Long.BYTES;

    private final EntrySeal seal;
    private final byte[] entry;
    private final byte[] logged;
    private final int timeAt;

    Proposal(ByteString batch, EntrySeal seal) {
        this.seal = seal;
        timeAt = batch.size();
        entry = new byte[timeAt + TIME_LENGTH];
        batch.copyTo(entry, 0);
        entry[timeAt] = (byte) TIME_TAG;
        logged = seal.roomFor(entry);
    }

    /** The batch as the gateway sent it. */
    Batch batch() throws InvalidProtocolBufferException {
        return parse(UnsafeByteOperations.unsafeWrap(entry, 0, timeAt));
    }

    void stamp(long timeNanos) {
        ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).putLong(timeAt + 1, timeNanos);
        seal.write(entry, logged);
    }

    /** What is to be applied, once it is stamped: the leader has it without opening what it has sealed. */
    com.google.protobuf.ByteString entry() {
        return UnsafeByteOperations.unsafeWrap(entry);
    }

    /** What the log will hold, once it is stamped. */
    ByteString logged() {
        return org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations.unsafeWrap(logged);
    }

    /** The records of its runs stay where they are, inside {@code bytes}. */
    static Batch parse(com.google.protobuf.ByteString bytes) throws InvalidProtocolBufferException {
        CodedInputStream in = bytes.newCodedInput();
        in.enableAliasing(true);
        try {
            Batch batch = Batch.parseFrom(in);
            in.checkLastTagWas(0);
            return batch;
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
    }
}
