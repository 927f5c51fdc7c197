package io.stanchion.gateway.core;

import org.jspecify.annotations.Nullable;

/**
 * What the streaming service and a leader need of NATS: the router of this node, or a NATS server elsewhere. A process has one of them,
 * and never both. Thread-safe.
 */
public interface MessageBus {
    /**
     * A subscription; {@code queueGroup} null for a plain one.
     *
     * @throws IllegalArgumentException if {@code pattern} is not {@link Subject#isPattern() one}
     */
    Interest subscribe(Subject pattern, @Nullable Subject queueGroup, Scope scope, Subscriber subscriber);

    /**
     * Sends a message to whoever is interested in its subject.
     *
     * @return false if it is known that nobody is
     */
    boolean publish(Message message);

    /**
     * Where a message with this literal subject would be taken now. Compare answers by identity: another one means that the listener has
     * moved, and that what was on its way to it may be lost.
     *
     * @return null if a message would be lost
     */
    @Nullable
    Object whereabouts(Subject subject);

    /** Whether a {@link #whereabouts} of null means that nobody on this node or another one in touch listens. */
    default boolean knowsListeners() {
        return true;
    }

    /**
     * Whether a publisher who can wait may send another page there.
     *
     * @param whereabouts an answer of {@link #whereabouts}
     */
    boolean hasRoom(Object whereabouts);

    /** Whether messages can be sent now. What is asked meanwhile proves nothing about those who do not answer. */
    default boolean isConnected() {
        return true;
    }

    /** Larger payloads cannot be sent to anybody. */
    default int payloadMaxBytes() {
        return Integer.MAX_VALUE;
    }
}
