package io.stanchion.raftsm.model;

import org.jspecify.annotations.Nullable;

/**
 * What apply may ask about stored runs: where they are, how big, how old; never a payload. Answers are a function of the log alone,
 * because apply sees exactly the runs that it has put and not trimmed.
 */
public interface RunIndex {
    /** The run that holds {@code sequence}, or the first one behind it; null if there is none. */
    @Nullable
    Run runAt(long channelId, long sequence);

    /** The first run of this channel at or behind {@code fromSequence} with a timestamp of at least {@code timestampNanos}, or null. */
    @Nullable
    Run firstRunSince(long channelId, long fromSequence, long timestampNanos);

    /**
     * @param first sequence of its first message
     * @param bytes size of its records
     */
    record Run(long first, int count, long timestampNanos, int bytes) {
        public long last() {
            return first + count - 1;
        }
    }
}
