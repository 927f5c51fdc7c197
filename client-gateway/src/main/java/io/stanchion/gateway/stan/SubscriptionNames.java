package io.stanchion.gateway.stan;

import org.jspecify.annotations.Nullable;

/** Whose subscription it is, for the log; as far as this node knows. May wait for a moment, so only for those who want to read all. */
@FunctionalInterface
public interface SubscriptionNames {
    /** Null if there is none. */
    @Nullable
    Name acknowledgingOn(String ackInbox);

    record Name(String clientId, String channel, long id) {}
}
