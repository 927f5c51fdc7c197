package io.stanchion.gateway.core;

/** A live subscription of this node. Closing it twice is harmless; after {@code close} returns no new delivery begins. */
public interface Interest extends AutoCloseable {
    @Override
    void close();
}
