package io.stanchion.gateway.stan;

/** What the gateway itself answers, in the protocol's words; clients compare some of them. The machine has its own. */
final class StanErrors {
    static final String INVALID_CONNECT = "stan: invalid connection request";
    static final String INVALID_CLIENT_ID =
            "stan: invalid clientID: only alphanumeric and `-` or `_` characters allowed";
    static final String DUPLICATE_CLIENT = "stan: clientID already registered";
    static final String INVALID_PUBLISH = "stan: invalid publish request";
    static final String INVALID_SUBSCRIBE = "stan: invalid subscription request";
    static final String CLIENT_ID_MISSING = "stan: clientID missing";
    static final String INVALID_ACK_WAIT = "stan: invalid ack wait time, should be >= 1s";
    static final String INVALID_MAX_IN_FLIGHT = "stan: invalid MaxInflight, should be >= 1";
    static final String INVALID_START = "stan: invalid start position";
    static final String INVALID_CHANNEL = "stan: invalid subject";
    static final String INVALID_UNSUBSCRIBE = "stan: invalid unsubscribe request";
    static final String INVALID_CLOSE = "stan: invalid close request";
    static final String REPLACED = "client has been replaced or is no longer registered";

    /** In the words of the clients, which say so themselves when they know the limit. */
    static final String TOO_LARGE = "nats: maximum payload exceeded";

    private StanErrors() {}
}
