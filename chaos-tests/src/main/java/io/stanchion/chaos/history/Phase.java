package io.stanchion.chaos.history;

/** How far an operation is. One that is invoked and never heard of again may have happened or not, like one that ends in {@link #INFO}. */
public enum Phase {
    INVOKE,
    /** It happened. */
    OK,
    /** It did not happen, and never will. */
    FAIL,
    /** Nobody knows: a timeout, a broken connection. Also what is merely noted, such as a fault. */
    INFO
}
