package io.stanchion.gateway.core;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A subscription of this node, as the trie holds it. */
final class LocalInterest implements Interest {
    /** Stands where a subscriber was, so that an old match, wherever it is remembered, keeps nobody's memory. */
    private static final Subscriber GONE = message -> false;

    private final Subject pattern;
    private final @Nullable Subject queueGroup;
    private final Scope scope;
    private final AtomicReference<Subscriber> subscriber;
    private final Consumer<LocalInterest> onClose;

    LocalInterest(
            Subject pattern,
            @Nullable Subject queueGroup,
            Scope scope,
            Subscriber subscriber,
            Consumer<LocalInterest> onClose) {
        this.pattern = pattern;
        this.queueGroup = queueGroup;
        this.scope = scope;
        this.subscriber = new AtomicReference<>(subscriber);
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
        return Objects.requireNonNull(subscriber.get());
    }

    boolean deliver(Message message) {
        return subscriber().deliver(message);
    }

    @Override
    public void close() {
        if (subscriber.getAndSet(GONE) != GONE) {
            onClose.accept(this);
        }
    }
}
