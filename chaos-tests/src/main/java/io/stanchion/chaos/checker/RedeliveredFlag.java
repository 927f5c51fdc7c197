package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.Subscriptions.Subscription;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.workload.ClientPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What comes a second time to the same durable, group or subscription says so, and what is new comes in rising order. Nothing else says so:
 * before the first fault nothing gets lost on its way, and what was acknowledged over a connection that lasts is done with.
 */
public final class RedeliveredFlag implements Checker {
    /** So long an acknowledgement may be under way, through elections and nodes that stand still. */
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(25);

    @Override
    public String name() {
        return "redelivered-flag";
    }

    @Override
    public List<Finding> check(Trial trial) {
        List<Finding> findings = new ArrayList<>();
        trial.subscriptions().byMemory().values().forEach(subscriptions -> checkRepeats(subscriptions, findings));
        trial.subscriptions().all().forEach(subscription -> {
            checkRising(subscription, findings);
            checkCounts(subscription, findings);
        });
        checkFirstFlags(trial, findings);
        if (trial.promise().keepsMajority()) {
            checkAcknowledged(trial, findings);
        }
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

    /** Whoever left may have missed what it was given, and gets it again when it is back; so we look at those who came once. */
    private void checkFirstFlags(Trial trial, List<Finding> findings) {
        long calm = trial.history()
                .select(event ->
                        event.action() == Action.FAULT || event.action() == Action.SAMPLE) // taken before a strike
                .mapToLong(Event::nanos)
                .findFirst()
                .orElse(Long.MAX_VALUE);
        trial.subscriptions().byMemory().values().stream()
                .filter(subscriptions ->
                        subscriptions.size() == 1 || subscriptions.get(0).plan().isGroup())
                .forEach(subscriptions -> {
                    Set<Long> seen = new HashSet<>();
                    subscriptions.stream()
                            .flatMap(subscription -> subscription.deliveries().stream())
                            .filter(event ->
                                    event.nanos() < calm && !event.process().equals(ClientPlan.ODD))
                            .sorted(Comparator.comparingLong(Event::nanos))
                            .filter(event -> seen.add(event.sequence()) && event.flagged())
                            .forEach(event -> findings.add(new Finding(
                                    name(),
                                    event.channel() + " " + event.sequence() + " came to " + event.party()
                                            + " for the first time, with the redelivered flag",
                                    List.of(event))));
                });
    }

    private void checkAcknowledged(Trial trial, List<Finding> findings) {
        Breaks breaks = Breaks.in(trial.history(), Action.LINK);
        for (Subscription subscription : trial.subscriptions().all()) {
            Map<Long, Event> acknowledged = new HashMap<>();
            for (Event event : subscription.traffic()) {
                if (event.action() == Action.ACK) {
                    acknowledged.putIfAbsent(event.sequence(), event);
                    continue;
                }
                Event ack = acknowledged.get(event.sequence());
                if (ack != null && event.nanos() - ack.nanos() > SETTLED_NANOS && isWhole(ack, event, breaks)) {
                    findings.add(new Finding(
                            name(),
                            event.channel() + " " + event.sequence() + " came to " + event.party()
                                    + " again, long after it was acknowledged over the same connection",
                            List.of(ack, event)));
                    return; // more of the same
                }
            }
        }
    }

    private static boolean isWhole(Event from, Event to, Breaks breaks) {
        return !breaks.any(from.process(), from.nanos() - Breaks.NOTICE_NANOS, to.nanos());
    }

    private void checkCounts(Subscription subscription, List<Finding> findings) {
        Map<Long, Long> counts = new HashMap<>();
        for (Event event : subscription.deliveries()) {
            if (!event.note().startsWith(Event.COUNT)) {
                continue;
            }
            long count = Long.parseLong(event.note().substring(Event.COUNT.length()));
            Long before = counts.put(event.sequence(), count);
            if (count > 0 != event.flagged() || (before != null && count <= before)) {
                findings.add(new Finding(
                        name(),
                        event.channel() + " " + event.sequence() + " came to " + event.party() + " with "
                                + (event.flagged() ? "the" : "no") + " redelivered flag and count " + count
                                + (before == null ? "" : ", after " + before),
                        List.of(event)));
            }
        }
    }
}
