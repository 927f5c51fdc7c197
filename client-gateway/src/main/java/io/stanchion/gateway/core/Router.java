package io.stanchion.gateway.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Matches subjects against interest and hands messages to subscribers and peers. Thread-safe; never blocks. */
@SuppressWarnings("DoNotCallSuggester")
public final class Router {

    /** A subscription; {@code queueGroup} null for a plain one. */
    public Interest subscribe(Subject pattern, @Nullable Subject queueGroup, Scope scope, Subscriber subscriber) {
        throw new UnsupportedOperationException();
    }

    /**
     * Delivers to every matching plain subscriber, and to one member of every matching queue group, in the whole cluster.
     *
     * @return false if nobody, here or on another node, was interested
     */
    public boolean publish(Message message) {
        throw new UnsupportedOperationException();
    }

    /** Delivers a message that a peer has routed here: plain subscribers, and one member of each named group. Never forwarded. */
    public void deliverFromPeer(Message message, List<Subject> queueGroups) {
        throw new UnsupportedOperationException();
    }

    /** Whether a publish to this literal subject would reach anybody on any node that is known here. */
    public boolean hasInterest(Subject subject) {
        throw new UnsupportedOperationException();
    }

    /** Sets a peer's interest in a pattern; count 0 withdraws it. */
    public void onPeerInterest(Peer peer, Subject pattern, @Nullable Subject queueGroup, int count) {
        throw new UnsupportedOperationException();
    }

    /** Forgets all interest of a peer. */
    public void onPeerGone(Peer peer) {
        throw new UnsupportedOperationException();
    }

    /** Tells all present CLUSTER interest to the listener, then every change. */
    public AutoCloseable listen(InterestListener listener) {
        throw new UnsupportedOperationException();
    }
}
