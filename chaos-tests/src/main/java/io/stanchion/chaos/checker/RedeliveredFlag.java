package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.Subscriptions.Subscription;
import io.stanchion.chaos.history.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What comes a second time to the same durable, group or subscription says so, and what is new comes in rising order. */
public final class RedeliveredFlag implements Checker {
    @Override
    public String name() {
        return "redelivered-flag";
    }

    @Override
    public List<Finding> check(Trial trial) {
        List<Finding> findings = new ArrayList<>();
        trial.subscriptions().byMemory().values().forEach(subscriptions -> checkRepeats(subscriptions, findings));
        trial.subscriptions().all().forEach(subscription -> checkRising(subscription, findings));
        return findings;
    }

    /** Of two deliveries without a flag one is wrong, whatever the order in which two members came to write them down. */
    private void checkRepeats(List<Subscription> subscriptions, List<Finding> findings) {
        Map<Long, Event> fresh = new HashMap<>();
        subscriptions.stream()
                .flatMap(subscription -> subscription.deliveries().stream())
                .filter(event -> !event.flagged())
                .sorted(Comparator.comparingLong(Event::nanos))
                .forEach(event -> {
                    Event before = fresh.putIfAbsent(event.sequence(), event);
                    if (before != null) {
                        findings.add(new Finding(
                                name(),
                                event.channel() + " " + event.sequence() + " came twice to "
                                        + subscriptions.get(0).memory() + " without the redelivered flag",
                                List.of(before, event)));
                    }
                });
    }

    private void checkRising(Subscription subscription, List<Finding> findings) {
        Event last = null;
        for (Event event : subscription.deliveries()) {
            if (event.flagged()) {
                continue;
            }
            if (last != null && event.sequence() < last.sequence()) {
                findings.add(new Finding(
                        name(),
                        event.channel() + " " + event.sequence() + " came to " + event.party() + " as new, after "
                                + last.sequence(),
                        List.of(last, event)));
            }
            last = event;
        }
    }
}
