package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.Subscriptions.Subscription;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Nobody has more new messages to acknowledge than it asked for. We see a delivery later and an acknowledgement earlier than the server,
 * so what we count is never more than what it allows itself. In a group a message that moved to another member burdens nobody here.
 */
public final class InFlightBound implements Checker {
    @Override
    public String name() {
        return "in-flight-bound";
    }

    @Override
    public List<Finding> check(Trial trial) {
        List<Finding> findings = new ArrayList<>();
        trial.subscriptions().byMemory().values().forEach(subscriptions -> {
            Set<Long> moved = movedIn(subscriptions);
            long first = firstKept(trial, subscriptions.get(0).plan().channel());
            subscriptions.forEach(subscription -> judge(subscription, moved, first, findings));
        });
        return findings;
    }

    private static Set<Long> movedIn(List<Subscription> subscriptions) {
        Set<Long> moved = new HashSet<>();
        if (subscriptions.get(0).plan().isGroup()) {
            subscriptions.forEach(subscription -> subscription.deliveries().stream()
                    .filter(Event::flagged)
                    .forEach(event -> moved.add(event.sequence())));
        }
        return moved;
    }

    /** What a channel's limits have thrown away can't be acknowledged any more, and takes no room in the window. */
    private static long firstKept(Trial trial, String channel) {
        return trial.stores().stream()
                .mapToLong(store -> store.channel(channel).first())
                .max()
                .orElse(Long.MAX_VALUE); // then nobody knows, and nothing is said
    }

    private void judge(Subscription subscription, Set<Long> moved, long firstKept, List<Finding> findings) {
        Map<Long, Event> pending = new LinkedHashMap<>();
        for (Event event : subscription.traffic()) {
            if (event.action() == Action.ACK) {
                pending.remove(event.sequence());
            } else if (!event.flagged() && event.sequence() >= firstKept && !moved.contains(event.sequence())) {
                pending.put(event.sequence(), event);
                if (pending.size() > subscription.plan().maxInFlight()) {
                    findings.add(new Finding(
                            name(),
                            event.party() + " asked for no more than "
                                    + subscription.plan().maxInFlight() + " messages at a time and has "
                                    + pending.size() + " to acknowledge",
                            List.copyOf(pending.values())));
                    return;
                }
            }
        }
    }
}
