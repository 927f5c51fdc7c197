package io.stanchion.gateway.core;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the subjects that one thread publishes to, and what they reach, so that a message to a known subject is routed without
 * allocating or matching anything. Each place holds one subject; a newcomer with the same place takes it over. Not thread-safe: one for
 * each event loop.
 */
public final class RouteCache {
    private final Router router;
    private final @Nullable Route[] places;

    /**
     * @param size a power of two
     */
    public RouteCache(Router router, int size) {
        if (Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("not a power of two: " + size);
        }
        this.router = router;
        this.places = new Route[size];
    }

    /** The route of the subject in {@code source}, absolute index; good until the next call. */
    public Route find(ByteBuf source, int start, int length) {
        long fingerprint = fingerprint(source, start, length);
        int place = (int) (fingerprint ^ (fingerprint >>> 32)) & (places.length - 1);
        Route known = places[place];
        if (known != null
                && known.fingerprint() == fingerprint
                && known.subject().isAt(source, start, length)) {
            known.refresh(router.trie());
            return known;
        }
        Route route = new Route(Subject.copyOf(source, start, length), fingerprint, router.trie());
        places[place] = route;
        return route;
    }

    /** Eight bytes at a time; equal bytes give equal prints, which is all that is needed. */
    private static long fingerprint(ByteBuf source, int start, int length) {
        long h = length;
        int i = start;
        int end = start + length;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            h = mixed(h ^ source.getLongLE(i));
        }
        for (; i < end; i++) {
            h = mixed(h ^ source.getByte(i));
        }
        return h;
    }

    private static long mixed(long h) {
        long product = h * 0x9E3779B97F4A7C15L;
        return product ^ (product >>> 29);
    }
}
