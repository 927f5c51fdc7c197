package io.stanchion.gateway.stan;

import com.google.protobuf.ByteString;

/** The sessions that this node's replica knows; it may lag behind the leader. Thread-safe. */
public interface SessionView {
    Standing standing(ByteString connId);

    /** The number of the session that is registered under a client ID; 0 if there is none here. Perhaps it is an earlier one, or none only not yet. */
    long numberOf(String clientId);

    enum Standing {
        /** Registered, and its heartbeats are answered. */
        WELL,
        /** Registered; the leader is counting missed heartbeats. */
        MISSING_HEARTBEATS,
        /** Not registered here, perhaps only not yet. */
        UNKNOWN
    }
}
