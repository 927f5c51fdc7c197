package io.stanchion.raftsm.model;

/** Why a subscription ends. */
public enum Leaving {
    /** A durable stays, offline. */
    CLOSE,
    /** A durable is forgotten. */
    UNSUBSCRIBE,
    /** As close, but the session's other subscriptions end with it, so they are no heirs. */
    SESSION_END
}
