package io.stanchion.chaos.bench;

import org.jspecify.annotations.Nullable;

/** One connection that publishes as fast as acknowledgements allow, until it is closed. */
interface PublishLoad extends AutoCloseable {
    /** Messages acknowledged since the start. */
    long acknowledged();

    /** What went wrong, or null. */
    @Nullable
    String trouble();

    @Override
    void close() throws Exception;
}
