package io.stanchion.raftsm.command;

/**
 * Where and when an entry is applied.
 *
 * @param timeNanos the log's clock, Unix nanoseconds; never goes back from one entry to the next
 */
public record Meta(long term, long index, long timeNanos) {}
