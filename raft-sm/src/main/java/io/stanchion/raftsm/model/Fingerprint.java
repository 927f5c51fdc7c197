package io.stanchion.raftsm.model;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * 64 bits that stand for any number of bytes: two checksums with different polynomials, for which processors have instructions. They are
 * linear, so they are stirred before anybody adds fingerprints up: otherwise the same change in two rows would cancel out. Nobody who wants
 * to deceive is kept out. Owned by the apply thread.
 */
final class Fingerprint {
    /** Fits the processor's first cache, so copying into it costs next to nothing. */
    private static final int CHUNK_BYTES = 8 << 10;

    private final CRC32 one = new CRC32();
    private final CRC32C other = new CRC32C();
    private final byte[] chunk = new byte[CHUNK_BYTES];

    long of(Changes.Table table, ByteString key, ByteString value) {
        begin();
        add(key);
        add(value);
        return end(stir(((long) key.size() << Byte.SIZE) | table.number()));
    }

    /** A chain of runs that has one more: no run can be left out, doubled, changed or moved without changing all that comes behind. */
    long next(long chain, long first, int count, long timestampNanos, ByteString records) {
        begin();
        add(records);
        return end(stir(stir(stir(chain + first) + count) + timestampNanos));
    }

    private void begin() {
        one.reset();
        other.reset();
    }

    /** Through an array of our own: the checksums would copy a read-only buffer too, and each into a new one. */
    private void add(ByteString bytes) {
        ByteBuffer in = bytes.asReadOnlyByteBuffer();
        while (in.hasRemaining()) {
            int length = Math.min(CHUNK_BYTES, in.remaining());
            in.get(chunk, 0, length);
            one.update(chunk, 0, length);
            other.update(chunk, 0, length);
        }
    }

    private long end(long seed) {
        return stir(seed + ((one.getValue() << Integer.SIZE) | other.getValue()));
    }

    /** Each bit of the result depends on each bit of the input, and no two inputs give the same: the finalizer of SplitMix64. */
    private static long stir(long bits) {
        long stirred = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        stirred = (stirred ^ (stirred >>> 27)) * 0x94d049bb133111ebL;
        return stirred ^ (stirred >>> 31);
    }
}
