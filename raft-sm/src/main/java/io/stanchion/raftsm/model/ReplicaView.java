package io.stanchion.raftsm.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replica holds, as far as it has applied. Thread-safe. Everything returned was true at one moment; the parts of a long list were
 * so at different ones.
 */
public interface ReplicaView {
    Totals totals();

    /** What the leader has decided, which need not be what this node's operator wrote. */
    Settings settings();

    /** By name. */
    Listing<ChannelFacts> channels(int offset, int limit);

    @Nullable
    ChannelFacts channel(String name);

    /** All of a channel, those offline included, the oldest first; empty if there is no such channel. */
    List<SubscriptionFacts> subscriptionsOn(String channel);

    @Nullable
    SubscriptionFacts subscription(long id);

    @Nullable
    SubscriptionFacts acknowledgingOn(String ackInbox);

    /** By client ID. */
    Listing<SessionFacts> sessions(int offset, int limit);

    @Nullable
    SessionFacts session(String clientId);

    /** All of a session, the oldest first; empty if there is no such session. */
    List<SubscriptionFacts> subscriptionsOf(String clientId);
}
