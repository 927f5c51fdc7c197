package io.stanchion.raftsm.model;

/**
 * A subscription at one moment, for those who look from outside.
 *
 * @param id the older, the smaller
 * @param clientId of its last owner, if it is offline
 * @param durableName of a plain durable; else empty
 * @param queueName {@code durable:group} for a member of a durable group; empty for a plain subscription
 * @param isDurable whether it, or its group, outlives its session
 * @param lastSent in a group: of the group
 * @param isStalled gets nothing new before it acknowledges something
 */
public record SubscriptionFacts(
        long id,
        String channel,
        String clientId,
        String inbox,
        String ackInbox,
        String durableName,
        String queueName,
        boolean isDurable,
        boolean isOffline,
        int maxInFlight,
        int ackWaitSecs,
        long lastSent,
        long pending,
        boolean isStalled) {

    static SubscriptionFacts of(Subscription subscription) {
        QueueGroup group = subscription.group();
        return new SubscriptionFacts(
                subscription.id(),
                subscription.channel().name(),
                subscription.clientId(),
                subscription.inbox(),
                subscription.ackInbox(),
                subscription.durableName(),
                group == null ? "" : queueName(group),
                subscription.isDurable()
                        || (group != null && !group.durableName().isEmpty()),
                !subscription.isOnline(),
                subscription.maxInFlight(),
                subscription.ackWaitSecs(),
                subscription.lastSent(),
                subscription.pending().size(),
                subscription.isStalled());
    }

    private static String queueName(QueueGroup group) {
        return group.durableName().isEmpty() ? group.name() : group.durableName() + ":" + group.name();
    }
}
