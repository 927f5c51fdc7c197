package io.stanchion.gateway.stan;

import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What bytes mean, remembered, so that a name that comes with every message is decoded once and held in memory once. Each place holds
 * one name; a newcomer with the same place takes it over.
 *
 * <p>Thread-safe without any fence: entries never change, and a thread that misses another's entry only decodes once more.
 */
final class BytesCache<T> {
    /** Longer ones are decoded each time, so that nobody can fill the memory with them. */
    static final int LENGTH_MAX = 256;

    private final @Nullable Entry[] places;
    private final Function<byte[], T> decoder;

    /** @param size a power of two */
    BytesCache(int size, Function<byte[], T> decoder) {
        this.places = new Entry[size];
        this.decoder = decoder;
    }

    /** @param start absolute index */
    @SuppressWarnings("unchecked") // entries are made here only, and the array of a generic type can't be
    T find(ByteBuf source, int start, int length) {
        int hash = hash(source, start, length);
        int place = (hash ^ (hash >>> 16)) & (places.length - 1);
        Entry known = places[place];
        if (known != null && known.hash == hash && isAt(known.bytes, source, start, length)) {
            return (T) known.value;
        }
        byte[] bytes = new byte[length];
        source.getBytes(start, bytes);
        T value = decoder.apply(bytes);
        if (length <= LENGTH_MAX) {
            places[place] = new Entry(hash, bytes, value);
        }
        return value;
    }

    private static int hash(ByteBuf source, int start, int length) {
        long h = length;
        int i = start;
        int end = start + length;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            h = (h ^ source.getLong(i)) * 0x9E3779B97F4A7C15L;
            h ^= h >>> 29;
        }
        for (; i < end; i++) {
            h = 31 * h + source.getByte(i);
        }
        return (int) (h ^ (h >>> 32));
    }

    private static boolean isAt(byte[] bytes, ByteBuf source, int start, int length) {
        if (bytes.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] != source.getByte(start + i)) {
                return false;
            }
        }
        return true;
    }

    private static final class Entry {
        final int hash;
        final byte[] bytes;
        final Object value;

        Entry(int hash, byte[] bytes, Object value) {
            this.hash = hash;
            this.bytes = bytes;
            this.value = value;
        }
    }
}
