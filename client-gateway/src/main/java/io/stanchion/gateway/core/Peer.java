package io.stanchion.gateway.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Another node, as the router sees it. Implementations keep the order of calls made by one thread. */
public interface Peer {
    String nodeId();

    /**
     * What a message forwarded now would take. What waits for one connection is lost with it, so each is an object of its own. One may hear
     * of a peer's interest a moment before it can be reached.
     *
     * @return null if the message would be lost
     */
    @Nullable
    Path path();

    /** One connection to another node, from its beginning to its end. */
    interface Path {
        /** False while so much waits for that node that a publisher who can wait should. */
        default boolean hasRoom() {
            return true;
        }
    }

    /**
     * Sends one copy of a message. The other node serves its matching plain subscribers, and one member of each group that is named.
     * Must not block; the message is borrowed, see {@link Message}.
     */
    void forward(Message message, List<Subject> queueGroups);
}
