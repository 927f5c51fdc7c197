package io.stanchion.raftsm.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Short looks at a machine: each costs as much as it may return, however much there is. Only to be used while nothing is applied; what is
 * returned stays good afterwards.
 */
public final class Inspection {
    private final MachineState state;

    public Inspection(MachineState state) {
        this.state = state;
    }

    public Settings settings() {
        return state.settings();
    }

    public int channels() {
        return state.channels().size();
    }

    /** The next in the order of names. */
    public List<ChannelFacts> channelsAfter(String name, int max) {
        return first(max, state.channelTable().after(name), Inspection::facts);
    }

    public @Nullable ChannelFacts channel(String name) {
        Channel channel = state.channel(name);
        return channel == null ? null : facts(channel);
    }

    /** The next in the order of IDs. */
    public List<SubscriptionFacts> subscriptionsOn(String channelName, long afterId, int max) {
        Channel channel = state.channel(channelName);
        return channel == null ? List.of() : first(max, channel.subscriptionsAfter(afterId), SubscriptionFacts::of);
    }

    public @Nullable SubscriptionFacts subscription(long id) {
        return facts(state.subscription(id));
    }

    public @Nullable SubscriptionFacts acknowledgingOn(String ackInbox) {
        return facts(state.acknowledgingOn(ackInbox));
    }

    private static @Nullable SubscriptionFacts facts(@Nullable Subscription subscription) {
        return subscription == null ? null : SubscriptionFacts.of(subscription);
    }

    public int sessions() {
        return state.sessionTable().all().size();
    }

    /** The next in the order of client IDs. */
    public List<SessionFacts> sessionsAfter(String clientId, int max) {
        return first(max, state.sessionTable().after(clientId), Inspection::facts);
    }

    public @Nullable SessionFacts session(String clientId) {
        ClientSession session = state.session(clientId);
        return session == null ? null : facts(session);
    }

    /** The next in the order of IDs. */
    public List<SubscriptionFacts> subscriptionsOf(String clientId, long afterId, int max) {
        ClientSession session = state.session(clientId);
        return session == null ? List.of() : first(max, session.subscriptionsAfter(afterId), SubscriptionFacts::of);
    }

    private static <S, T> List<T> first(int max, Collection<S> all, Function<S, T> look) {
        List<T> found = new ArrayList<>();
        for (S each : all) {
            if (found.size() == max) {
                break;
            }
            found.add(look.apply(each));
        }
        return found;
    }

    private static ChannelFacts facts(Channel channel) {
        return new ChannelFacts(
                channel.name(),
                channel.last() - channel.first() + 1,
                channel.bytes(),
                channel.first(),
                channel.last(),
                channel.subscriptions().size());
    }

    private static SessionFacts facts(ClientSession session) {
        return new SessionFacts(session.clientId(), session.heartbeatInbox(), session.subscriptionCount());
    }
}
