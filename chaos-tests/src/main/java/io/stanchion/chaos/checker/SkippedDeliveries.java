package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.NodeStore.StoredChannel;
import io.stanchion.chaos.checker.Subscriptions.Subscription;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.workload.SubscriberPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Who stayed to the end, or left a durable that somebody resumed, has seen everything from where it began: no sequence between the first
 * it saw and the last that is stored is missing, and the first is the one it asked for. What was trimmed may be missing.
 */
public final class SkippedDeliveries implements Checker {
    @Override
    public String name() {
        return "skipped-deliveries";
    }

    @Override
    public List<Finding> check(Trial trial) {
        List<Finding> findings = new ArrayList<>();
        if (trial.stores().isEmpty()) {
            return findings;
        }
        NodeStore store = trial.stores().get(0);
        trial.subscriptions().byMemory().forEach((memory, subscriptions) -> {
            if (subscriptions.stream().anyMatch(one -> one.isConfirmed() && !one.isEnded())) {
                judge(memory, subscriptions, store, findings);
            }
        });
        return findings;
    }

    private void judge(String memory, List<Subscription> subscriptions, NodeStore store, List<Finding> findings) {
        SubscriberPlan plan = subscriptions.get(0).plan();
        StoredChannel channel = store.channel(plan.channel());
        NavigableSet<Long> seen = new TreeSet<>();
        List<Event> deliveries = new ArrayList<>();
        subscriptions.forEach(subscription -> deliveries.addAll(subscription.deliveries()));
        deliveries.forEach(event -> seen.add(event.sequence()));
        if (seen.isEmpty() && !beginsAtKnownPlace(plan)) {
            return;
        }
        long from = Math.max(channel.first(), beginsAtKnownPlace(plan) ? firstWanted(plan) : seen.first());
        for (long sequence = from; sequence <= channel.last(); sequence++) {
            if (!seen.contains(sequence)) {
                findings.add(new Finding(
                        name(),
                        memory + " never got " + plan.channel() + " " + sequence + " (stored: " + channel.first() + ".."
                                + channel.last() + ", " + missingOf(seen, from, channel.last()) + " missing in all)",
                        neighbours(deliveries, sequence)));
                return; // one for each subscriber: the others are of the same kind
            }
        }
    }

    private static boolean beginsAtKnownPlace(SubscriberPlan plan) {
        return plan.start() == SubscriberPlan.Start.ALL || plan.start() == SubscriberPlan.Start.SEQUENCE;
    }

    private static long firstWanted(SubscriberPlan plan) {
        return plan.start() == SubscriberPlan.Start.ALL ? 1 : SubscriberPlan.FIRST_SEQUENCE;
    }

    private static long missingOf(NavigableSet<Long> seen, long from, long last) {
        return last - from + 1 - seen.subSet(from, true, last, true).size();
    }

    /** The delivery of the last one before, and of the first one behind. */
    private static List<Event> neighbours(List<Event> deliveries, long sequence) {
        List<Event> found = new ArrayList<>();
        deliveries.stream()
                .filter(event -> event.sequence() == sequence - 1)
                .findFirst()
                .ifPresent(found::add);
        deliveries.stream()
                .filter(event -> event.sequence() == sequence + 1)
                .findFirst()
                .ifPresent(found::add);
        return found;
    }
}
