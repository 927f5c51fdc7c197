package io.stanchion.gateway.core;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A subscription of this node, as the trie holds it. */
final class LocalInterest implements Interest {
    private final Subject pattern;
    private final @Nullable Subject queueGroup;
    private final Scope scope;
    private final Subscriber subscriber;
    private final Consumer<LocalInterest> onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    LocalInterest(
            Subject pattern,
            @Nullable Subject queueGroup,
            Scope scope,
            Subscriber subscriber,
            Consumer<LocalInterest> onClose) {
        this.pattern = pattern;
        this.queueGroup = queueGroup;
        this.scope = scope;
        this.subscriber = subscriber;
        this.onClose = onClose;
    }

    Subject pattern() {
        return pattern;
    }

    @Nullable
    Subject queueGroup() {
        return queueGroup;
    }

    Scope scope() {
        return scope;
    }

    Subscriber subscriber() {
        return subscriber;
    }

    /** A publisher may hold a match from before the close, so the flag is asked each time. */
    boolean deliver(Message message) {
        return !closed.get() && subscriber.deliver(message);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClose.accept(this);
        }
    }
}
