package io.stanchion.node;

import io.stanchion.gateway.stan.SubscriptionNames;
import io.stanchion.raftsm.model.ReplicaView;
import io.stanchion.raftsm.model.SubscriptionFacts;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whose subscription it is, for the log, as far as this replica has applied. */
record ReplicaNames(Supplier<ReplicaView> replica) implements SubscriptionNames {
    @Override
    public @Nullable Name acknowledgingOn(String ackInbox) {
        SubscriptionFacts found = replica.get().acknowledgingOn(ackInbox);
        return found == null ? null : new Name(found.clientId(), found.channel(), found.id());
    }

    /** Empty if there is no such subscription. */
    String clientOf(long subscription) {
        SubscriptionFacts found = replica.get().subscription(subscription);
        return found == null ? "" : found.clientId();
    }
}
