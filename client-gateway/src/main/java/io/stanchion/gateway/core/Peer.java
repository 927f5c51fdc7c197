package io.stanchion.gateway.core;

import java.util.List;

/** Another node, as the router sees it. Implementations keep the order of calls made by one thread. */
public interface Peer {
    String nodeId();

    /** Whether a message forwarded now would be sent. One may hear of a peer's interest a moment before it can be reached. */
    default boolean isReachable() {
        return true;
    }

    /** False while so much waits for that node that a publisher who can wait should. */
    default boolean hasRoom() {
        return true;
    }

    /**
     * Sends one copy of a message. The other node serves its matching plain subscribers, and one member of each group that is named.
     * Must not block; the message is borrowed, see {@link Message}.
     */
    void forward(Message message, List<Subject> queueGroups);
}
