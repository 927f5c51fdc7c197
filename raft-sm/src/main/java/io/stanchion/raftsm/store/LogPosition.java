package io.stanchion.raftsm.store;

/** A place in the Raft log: the index of an entry and the term that it was appended in. */
public record LogPosition(long term, long index) {
    /** Before the first entry. */
    public static final LogPosition NONE = new LogPosition(0, -1);
}
