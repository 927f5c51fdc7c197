package io.stanchion.gateway.connection;

import java.util.concurrent.atomic.AtomicLong;

/** A number that one thread counts, without the price of a shared counter, and that any thread may read. */
final class Tally {
    private final AtomicLong value = new AtomicLong();

    void add(long amount) {
        value.setOpaque(value.getPlain() + amount);
    }

    void set(long amount) {
        value.setOpaque(amount);
    }

    long get() {
        return value.getOpaque();
    }
}
