package io.stanchion.chaos.history;

/** What an {@link Event} is about. */
public enum Action {
    CONNECT,
    PUBLISH,
    SUBSCRIBE,
    /** A message came in. */
    DELIVER,
    /** A subscriber said that it is finished with a message. The protocol never answers. */
    ACK,
    UNSUBSCRIBE,
    CLOSE,
    /** The connection under a session broke. */
    LINK,
    /** The client library says something else of its connection: that it is there again, or that servers come and go. */
    NEWS,
    /** The client library gave a session up. */
    LOST,
    /** Somebody broke something, or mended it. */
    FAULT,
    /** A node was measured. */
    SAMPLE,
    /** A node was told to collect its garbage, and something is left. */
    HEAP
}
