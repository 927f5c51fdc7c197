package io.stanchion.node;

import io.stanchion.gateway.core.Interest;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Subscriber;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A bus whose messages have to be let in.
 *
 * @param admission asked before each delivery, and may make it wait; a message that it does not let in is dropped
 */
record AdmittingBus(MessageBus bus, BooleanSupplier admission) implements MessageBus {
    @Override
    public Interest subscribe(Subject pattern, @Nullable Subject queueGroup, Scope scope, Subscriber subscriber) {
        return bus.subscribe(
                pattern, queueGroup, scope, message -> admission.getAsBoolean() && subscriber.deliver(message));
    }

    @Override
    public boolean publish(Message message) {
        return bus.publish(message);
    }

    @Override
    public @Nullable Object whereabouts(Subject subject) {
        return bus.whereabouts(subject);
    }

    @Override
    public boolean hasRoom(Object whereabouts) {
        return bus.hasRoom(whereabouts);
    }

    @Override
    public boolean isConnected() {
        return bus.isConnected();
    }

    @Override
    public int payloadMaxBytes() {
        return bus.payloadMaxBytes();
    }
}
