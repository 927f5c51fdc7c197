package io.stanchion.raftsm.command;

/**
 * Where and when an entry is applied.
 *
 * @param timeNanos the log's clock, Unix nanoseconds; never goes back from one entry to the next
 */
public record Meta(long term, long index, long timeNanos) {
    /** Whether the leader of {@code proposed} leads still; 0 if the entry does not say who proposed it. */
    boolean isOfTerm(long proposed) {
        return proposed == 0 || proposed == term;
    }
}
