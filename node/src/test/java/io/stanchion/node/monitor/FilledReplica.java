package io.stanchion.node.monitor;

import io.stanchion.raftsm.model.ChannelFacts;
import io.stanchion.raftsm.model.ChannelLimits;
import io.stanchion.raftsm.model.ChannelPattern;
import io.stanchion.raftsm.model.Listing;
import io.stanchion.raftsm.model.ReplicaView;
import io.stanchion.raftsm.model.SessionFacts;
import io.stanchion.raftsm.model.Settings;
import io.stanchion.raftsm.model.SubscriptionFacts;
import io.stanchion.raftsm.model.Totals;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A replica with two channels, two sessions, and a subscription of each kind. */
final class FilledReplica implements ReplicaView {
    private static final List<ChannelFacts> CHANNELS =
            List.of(new ChannelFacts("bills", 0, 0, 1, 0, 0), new ChannelFacts("orders", 5, 50, 3, 7, 2));
    private static final List<SessionFacts> SESSIONS =
            List.of(new SessionFacts("alice", "hb.alice", 1), new SessionFacts("bob", "hb.bob", 0));
    private static final List<SubscriptionFacts> SUBSCRIPTIONS = List.of(
            new SubscriptionFacts(
                    1, "orders", "alice", "inbox.1", "ack.1", "", "dur:g", true, false, 10, 30, 7, 2, false),
            new SubscriptionFacts(2, "orders", "carol", "inbox.2", "ack.2", "dur", "", true, true, 1, 5, 4, 1, true));

    @Override
    public Totals totals() {
        return new Totals(2, 2, 2, 5, 50);
    }

    @Override
    public Settings settings() {
        TreeMap<ChannelPattern, ChannelLimits> special = new TreeMap<>();
        special.put(ChannelPattern.of("bar"), new ChannelLimits(1, 2, 3, 4, 5));
        special.put(ChannelPattern.of("*.a"), new ChannelLimits(1000, 1_000_000, 0, 3_600_000_000_000L, 0));
        return new Settings(
                100,
                new ChannelLimits(1000, 1_000_000, 1_024_000_000, 3_600_000_000_000L, 60_000_000_000L),
                special,
                10,
                false,
                false);
    }

    @Override
    public Listing<ChannelFacts> channels(int offset, int limit) {
        return part(CHANNELS, offset, limit);
    }

    @Override
    public @Nullable ChannelFacts channel(String name) {
        return CHANNELS.stream()
                .filter(channel -> channel.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<SubscriptionFacts> subscriptionsOn(String channel) {
        return SUBSCRIPTIONS.stream()
                .filter(each -> each.channel().equals(channel))
                .toList();
    }

    @Override
    public SubscriptionFacts subscription(long id) {
        return null;
    }

    @Override
    public SubscriptionFacts acknowledgingOn(String ackInbox) {
        return null;
    }

    @Override
    public Listing<SessionFacts> sessions(int offset, int limit) {
        return part(SESSIONS, offset, limit);
    }

    @Override
    public @Nullable SessionFacts session(String clientId) {
        return SESSIONS.stream()
                .filter(session -> session.clientId().equals(clientId))
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<SubscriptionFacts> subscriptionsOf(String clientId) {
        return SUBSCRIPTIONS.stream()
                .filter(each -> each.clientId().equals(clientId) && !each.isOffline())
                .toList();
    }

    private static <T> Listing<T> part(List<T> all, int offset, int limit) {
        return new Listing<>(all.stream().skip(offset).limit(limit).toList(), all.size());
    }
}
