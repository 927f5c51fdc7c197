package io.stanchion.raftsm.store;

/** Slows a reader down that is in no hurry. */
@FunctionalInterface
public interface Pace {
    /** So much was read. Blocks as long as that should have taken. */
    void read(long bytes) throws InterruptedException;
}
