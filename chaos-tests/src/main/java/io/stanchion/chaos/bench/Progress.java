package io.stanchion.chaos.bench;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** How far a {@link PublishLoad} has come. Written by one thread at a time, read by any. */
final class Progress {
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
    private volatile boolean ended;

    void acknowledge() {
        acknowledged.lazySet(acknowledged.get() + 1);
    }

    /** Only the first complaint counts, and none after the end: what a closed connection says is no news. */
    void complain(String what) {
        if (!ended) {
            trouble.compareAndSet(null, what);
        }
    }

    void end() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Messages acknowledged since the start. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** What went wrong, or null. */
    @Nullable
    String trouble() {
        return trouble.get();
    }
}
