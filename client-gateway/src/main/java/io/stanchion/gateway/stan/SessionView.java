package io.stanchion.gateway.stan;

import com.google.protobuf.ByteString;

/** The sessions that this node's replica knows; it may lag behind the leader. Thread-safe. */
public interface SessionView {
    Standing standing(ByteString connId);

    enum Standing {
        /** Registered, and its heartbeats are answered. */
        WELL,
        /** Registered; the leader is counting missed heartbeats. */
        MISSING_HEARTBEATS,
        /** Not registered here, perhaps only not yet. */
        UNKNOWN
    }
}
