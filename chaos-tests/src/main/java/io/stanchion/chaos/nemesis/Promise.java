package io.stanchion.chaos.nemesis;

/** What clients are promised while a fault lasts. Whatever is promised, nothing acknowledged is lost. */
public enum Promise {
    /** A majority stays: no error that a client sees, and no pause of 10 s or more. */
    SHORT,
    /** There may be no majority for long: errors of the protocol are allowed. */
    LONG
}
