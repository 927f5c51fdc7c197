package io.stanchion.raftsm.ratis;

import com.google.protobuf.ByteOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/** Bytes across the border: Ratis has a protobuf of its own under another name. Nothing is copied as long as it lies in one array. */
final class RatisBytes {
    private RatisBytes() {}

    static com.google.protobuf.ByteString fromRatis(ByteString bytes) {
        FromRatis taken = new FromRatis();
        try {
            UnsafeByteOperations.unsafeWriteTo(bytes, taken);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return taken.bytes;
    }

    static ByteString toRatis(com.google.protobuf.ByteString bytes) {
        ToRatis taken = new ToRatis();
        try {
            com.google.protobuf.UnsafeByteOperations.unsafeWriteTo(bytes, taken);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return taken.bytes;
    }

    /** The "lazy" calls promise that the bytes will not change, and so may be kept; the others don't. */
    private static final class FromRatis extends org.apache.ratis.thirdparty.com.google.protobuf.ByteOutput {
        private com.google.protobuf.ByteString bytes = com.google.protobuf.ByteString.EMPTY;

        @Override
        public void write(byte value) {
            bytes = bytes.concat(com.google.protobuf.ByteString.copyFrom(new byte[] {value}));
        }

        @Override
        public void write(byte[] value, int offset, int length) {
            bytes = bytes.concat(com.google.protobuf.ByteString.copyFrom(value, offset, length));
        }

        @Override
        public void writeLazy(byte[] value, int offset, int length) {
            bytes = bytes.concat(com.google.protobuf.UnsafeByteOperations.unsafeWrap(value, offset, length));
        }

        @Override
        public void write(ByteBuffer value) {
            bytes = bytes.concat(com.google.protobuf.ByteString.copyFrom(value));
        }

        @Override
        public void writeLazy(ByteBuffer value) {
            bytes = bytes.concat(com.google.protobuf.UnsafeByteOperations.unsafeWrap(value));
        }
    }

    private static final class ToRatis extends ByteOutput {
        private ByteString bytes = ByteString.EMPTY;

        @Override
        public void write(byte value) {
            bytes = bytes.concat(ByteString.copyFrom(new byte[] {value}));
        }

        @Override
        public void write(byte[] value, int offset, int length) {
            bytes = bytes.concat(ByteString.copyFrom(value, offset, length));
        }

        @Override
        public void writeLazy(byte[] value, int offset, int length) {
            bytes = bytes.concat(UnsafeByteOperations.unsafeWrap(value, offset, length));
        }

        @Override
        public void write(ByteBuffer value) {
            bytes = bytes.concat(ByteString.copyFrom(value));
        }

        @Override
        public void writeLazy(ByteBuffer value) {
            bytes = bytes.concat(UnsafeByteOperations.unsafeWrap(value));
        }
    }
}
