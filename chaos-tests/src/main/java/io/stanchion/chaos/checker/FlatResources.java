package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A node's open files and memory stay where they are. A sample has the node as its party, its descriptors as counter,
 * its resident bytes as sequence, and the bytes of its data directory as value.
 */
public final class FlatResources implements Checker {
    private static final long DESCRIPTORS_MAX = 600;
    private static final long GROWTH_MAX = 150;
    private static final long RESIDENT_MAX = 1500L << 20;
    private static final long DISK_MAX = 2L << 30;

    @Override
    public String name() {
        return "flat-resources";
    }

    @Override
    public List<Finding> check(Trial trial) {
        Map<String, Event> worst = new LinkedHashMap<>();
        trial.history().select(Action.SAMPLE, Phase.INFO).forEach(sample -> {
            judge(sample, "descriptors", sample.counter(), DESCRIPTORS_MAX, worst);
            judge(sample, "bytes of memory", sample.sequence(), RESIDENT_MAX, worst);
            judge(sample, "bytes on disk", sample.value(), DISK_MAX, worst);
        });
        List<Finding> findings = new ArrayList<>();
        findGrowth(trial, findings);
        worst.forEach((what, sample) -> findings.add(new Finding(name(), what, List.of(sample))));
        return findings;
    }

    private static void judge(Event sample, String what, long found, long max, Map<String, Event> worst) {
        if (found > max) {
            worst.putIfAbsent("node " + sample.party() + " uses more than " + max + " " + what, sample);
        }
    }

    /** Clients come and go, some files are opened and closed; but a fault that costs descriptors each time shows at the end of a round. */
    private void findGrowth(Trial trial, List<Finding> findings) {
        Map<String, List<Event>> byNode = trial.history()
                .select(Action.SAMPLE, Phase.INFO)
                .filter(sample -> sample.counter() != Event.NONE)
                .collect(Collectors.groupingBy(Event::party, TreeMap::new, Collectors.toList()));
        byNode.forEach((node, samples) -> {
            Event first = samples.get(0);
            Event last = samples.get(samples.size() - 1);
            if (last.counter() > first.counter() + GROWTH_MAX) {
                findings.add(new Finding(
                        name(),
                        "node " + node + " had " + first.counter() + " descriptors before the first strike and "
                                + last.counter() + " after the last",
                        List.of(first, last)));
            }
        });
    }
}
