package io.stanchion.gateway.connection;

import io.stanchion.gateway.core.Interest;
import io.stanchion.gateway.core.Scope;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Subscriber;
import io.stanchion.gateway.wire.NatsWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one client has subscribed to, by its subscription IDs. Owned by the connection's event loop. */
final class SubscriptionTable {
    private static final Subject SYSTEM_GROUP = Subject.of("_sys_");

    private final Connection connection;
    private final GatewayState gateway;
    private final ConnectionLimits limits;
    private final Vitals vitals;
    private final Map<Subject, ClientSubscription> bySid = new LinkedHashMap<>();

    SubscriptionTable(Connection connection, GatewayState gateway, Vitals vitals) {
        this.connection = connection;
        this.gateway = gateway;
        this.limits = gateway.limits();
        this.vitals = vitals;
    }

    /** The error text for a client that may not subscribe to that; null if it may. */
    @Nullable
    String refusalOf(Subject pattern, @Nullable Subject group) {
        if (group != null && group.equals(SYSTEM_GROUP)) {
            return refused(pattern) + " using queue \"_sys_\"";
        }
        if (limits.subscriptionTokensMax() > 0 && pattern.tokenCount() > limits.subscriptionTokensMax()) {
            return refused(pattern) + ", too many tokens";
        }
        if (limits.subscriptionsMax() > 0 && bySid.size() >= limits.subscriptionsMax()) {
            return "maximum subscriptions exceeded";
        }
        return null;
    }

    private static String refused(Subject pattern) {
        return "Permissions Violation for Subscription to " + NatsWriter.quoted(pattern.toString());
    }

    boolean contains(Subject sid) {
        return bySid.containsKey(sid);
    }

    @Nullable
    ClientSubscription find(Subject sid) {
        return bySid.get(sid);
    }

    /** From here on messages may come. */
    void add(Subject pattern, @Nullable Subject group, Subject sid) {
        ClientSubscription subscription = new ClientSubscription(connection, sid, pattern, group);
        bySid.put(sid, subscription);
        connection.lane().traffic().subscriptionsTotal.add(1);
        count(1);
        Interest interest = gateway.router().subscribe(pattern, group, Scope.CLUSTER, subscription);
        subscription.open(interest);
    }

    /** Does nothing if the subscription is not in the table any more. */
    void remove(ClientSubscription subscription) {
        if (bySid.remove(subscription.sid(), subscription)) {
            count(-1);
            subscription.close();
        }
    }

    void removeAll() {
        count(-bySid.size());
        bySid.values().forEach(ClientSubscription::close);
        bySid.clear();
    }

    /** They are chosen for no more messages; those that they have been chosen for are still written. */
    void retireAll() {
        bySid.values().forEach(ClientSubscription::retire);
    }

    /** A subscription of this client that gets what is published there; null if there is none. */
    @Nullable
    ClientSubscription listenerTo(Subject subject) {
        ClientSubscription[] own = new ClientSubscription[1];
        gateway.router().forEachPlain(subject, subscriber -> {
            if (own[0] == null && isOwn(subscriber)) {
                own[0] = (ClientSubscription) subscriber;
            }
        });
        return own[0];
    }

    private boolean isOwn(Subscriber subscriber) {
        return subscriber instanceof ClientSubscription mine && mine.connection() == connection;
    }

    List<InterestFacts> facts() {
        return bySid.values().stream().map(ClientSubscription::facts).toList();
    }

    private void count(int more) {
        connection.lane().traffic().subscriptions.add(more);
        vitals.onSubscriptions(more);
    }
}
