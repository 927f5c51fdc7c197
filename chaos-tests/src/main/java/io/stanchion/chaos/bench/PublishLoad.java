package io.stanchion.chaos.bench;

/** One connection that publishes as fast as acknowledgements allow, until it is closed. */
interface PublishLoad extends AutoCloseable {
    Progress progress();

    @Override
    void close() throws Exception;
}
