package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.workload.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A sequence means one message, with one timestamp: on all nodes, and in all deliveries, from the beginning to the end. */
public final class ReplicasAgree implements Checker {
    @Override
    public String name() {
        return "replicas-agree";
    }

    private record Place(String channel, long sequence) {}

    private record Meaning(String witness, Stamp stamp, long timestamp) {
        boolean contradicts(Meaning other) {
            return !stamp.equals(other.stamp) || timestamp != other.timestamp;
        }
    }

    @Override
    public List<Finding> check(Trial trial) {
        List<Finding> findings = new ArrayList<>();
        checkBounds(trial, findings);
        Map<Place, Meaning> meanings = new HashMap<>();
        for (NodeStore store : trial.stores()) {
            store.channels()
                    .forEach((channel, stored) -> stored.messages().forEach(message -> {
                        if (message.stamp() != null) {
                            Meaning here = new Meaning("node " + store.node(), message.stamp(), message.timestamp());
                            judge(new Place(channel, message.sequence()), here, meanings, List.of(), findings);
                        }
                    }));
        }
        trial.history().select(event -> event.action() == Action.DELIVER).forEach(event -> {
            Stamp stamp = new Stamp(event.writer(), event.counter(), event.channel());
            Meaning here = new Meaning("a delivery to " + event.party(), stamp, event.value());
            judge(new Place(event.channel(), event.sequence()), here, meanings, List.of(event), findings);
        });
        return findings;
    }

    private void judge(
            Place place, Meaning here, Map<Place, Meaning> meanings, List<Event> evidence, List<Finding> findings) {
        Meaning known = meanings.putIfAbsent(place, here);
        if (known != null && known.contradicts(here)) {
            findings.add(new Finding(
                    name(),
                    place.channel() + " " + place.sequence() + " is " + known.stamp() + " at " + known.timestamp()
                            + " for " + known.witness() + ", and " + here.stamp() + " at " + here.timestamp() + " for "
                            + here.witness(),
                    evidence));
        }
    }

    private void checkBounds(Trial trial, List<Finding> findings) {
        Set<String> names = new TreeSet<>();
        trial.stores().forEach(store -> names.addAll(store.channels().keySet()));
        for (String name : names) {
            Set<String> bounds = new TreeSet<>();
            trial.stores()
                    .forEach(store -> bounds.add(
                            (trial.limits().ageMaxOf(name).isPresent() // those that are stopped later go on with that
                                            ? ""
                                            : store.channel(name).first())
                                    + ".." + store.channel(name).last()));
            if (bounds.size() > 1) {
                findings.add(new Finding(
                        name(), "the nodes disagree on what channel " + name + " holds: " + bounds, List.of()));
            }
        }
    }
}
