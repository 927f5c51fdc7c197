package io.stanchion.chaos.nemesis;

/** What clients are promised while a fault lasts. Whatever is promised, nothing acknowledged is lost. */
public enum Promise {
    /** Nobody dies unannounced: as {@link #SHORT}, and what was on its way when a connection broke is answered, too. */
    SILENT,
    /** A majority stays: no error that a client sees, and no pause of 10 s or more. */
    SHORT,
    /** There may be no majority for long: errors of the protocol are allowed. */
    LONG;

    /** Whether a majority is there all the time. */
    public boolean keepsMajority() {
        return this != LONG;
    }
}
