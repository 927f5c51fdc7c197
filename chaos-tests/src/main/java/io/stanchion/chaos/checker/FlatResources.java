package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A node's open files and memory stay where they are. A sample has the node as its party, its descriptors as counter,
 * its resident bytes as sequence, and the bytes of its data directory as value.
 */
public final class FlatResources implements Checker {
    private static final long DESCRIPTORS_MAX = 600;
    private static final long GROWTH_MAX = 150;
    private static final long RESIDENT_MAX = 1500L << 20;
    private static final long DISK_MAX = 2L << 30;
    private static final long HEAP_MAX = 200L << 20;
    private static final long HEAP_GROWTH_MAX = 96L << 20;

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
        findHeapGrowth(trial, findings);
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
        endsOf(trial.history().select(Action.SAMPLE, Phase.INFO).filter(sample -> sample.counter() != Event.NONE))
                .forEach(
                        ends -> judgeGrowth(ends, Event::counter, GROWTH_MAX, Long.MAX_VALUE, "descriptors", findings));
    }

    /** What a node needs after a full collection: messages pass, and nothing of them stays. */
    private void findHeapGrowth(Trial trial, List<Finding> findings) {
        endsOf(trial.history().select(Action.HEAP, Phase.INFO))
                .forEach(ends -> judgeGrowth(ends, Event::value, HEAP_GROWTH_MAX, HEAP_MAX, "bytes of heap", findings));
    }

    /** What one node was like at the beginning and at the end. */
    private record Ends(Event first, Event last) {}

    private static List<Ends> endsOf(Stream<Event> samples) {
        return samples.collect(Collectors.groupingBy(Event::party, TreeMap::new, Collectors.toList())).values().stream()
                .map(ofNode -> new Ends(ofNode.get(0), ofNode.get(ofNode.size() - 1)))
                .toList();
    }

    private void judgeGrowth(
            Ends ends, ToLongFunction<Event> figure, long growthMax, long max, String what, List<Finding> findings) {
        long before = figure.applyAsLong(ends.first);
        long after = figure.applyAsLong(ends.last);
        if (after > max || after - before > growthMax) {
            findings.add(new Finding(
                    name(),
                    "node " + ends.first.party() + " had " + before + " " + what + " before the first strike and "
                            + after + " after the last",
                    List.of(ends.first, ends.last)));
        }
    }
}
