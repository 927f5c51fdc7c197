package io.stanchion.gateway.core;

/** One who receives messages: a client's subscription, the streaming service, a pending request. */
@FunctionalInterface
public interface Subscriber {
    /**
     * Called on the publisher's thread; must not block. The message is borrowed: see {@link Message}.
     *
     * @return false if this subscriber cannot take the message (closed, exhausted, its own echo): a queue group tries its next member
     */
    boolean deliver(Message message);

    /** False while so much waits for this subscriber that a publisher who can wait should. */
    default boolean hasRoom() {
        return true;
    }
}
