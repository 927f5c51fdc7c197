package io.stanchion.gateway.core;

import org.jspecify.annotations.Nullable;

/** Learns the interest of this node's own cluster-wide subscribers, to announce it to the other nodes. */
@FunctionalInterface
public interface InterestListener {
    /**
     * Called in order, on the thread that changed the interest; must not block.
     *
     * @param count members of the queue group, or plain subscribers of the pattern, on this node; 0 withdraws
     */
    void onInterest(Subject pattern, @Nullable Subject queueGroup, int count);
}
