package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.Publishes.Publish;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.workload.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The messages of one writer are stored in the order of their numbers. Two of them may change places only if the writer's connection broke
 * between them: the older one may have been on its way through the old server.
 */
public final class PublisherOrder implements Checker {
    private static final long NOTICE_NANOS = TimeUnit.SECONDS.toNanos(5);

    @Override
    public String name() {
        return "publisher-order";
    }

    @Override
    public List<Finding> check(Trial trial) {
        Map<String, NavigableSet<Long>> breaks = new TreeMap<>();
        trial.history()
                .select(event -> event.action() == Action.LINK || event.action() == Action.CONNECT)
                .filter(event -> event.party().equals(event.process())) // a guest writes nothing
                .forEach(event -> breaks.computeIfAbsent(event.process(), process -> new TreeSet<>())
                        .add(event.nanos()));
        List<Finding> findings = new ArrayList<>();
        trial.stores().stream()
                .limit(1)
                .forEach(store -> store.channels().values().forEach(channel -> {
                    Map<Integer, Publish> greatest = new HashMap<>();
                    for (StoredMessage message : channel.messages()) {
                        Stamp stamp = message.stamp();
                        Publish publish =
                                stamp == null ? null : trial.publishes().of(stamp);
                        if (publish != null) {
                            judge(publish, greatest, breaks, findings);
                        }
                    }
                }));
        return findings;
    }

    private void judge(
            Publish publish,
            Map<Integer, Publish> greatest,
            Map<String, NavigableSet<Long>> breaks,
            List<Finding> findings) {
        int writer = publish.stamp().writer();
        Publish before = greatest.get(writer);
        if (before == null || before.stamp().counter() < publish.stamp().counter()) {
            greatest.put(writer, publish);
        } else if (!brokeBetween(publish.invoked(), before.invoked(), breaks)) {
            List<Event> evidence = new ArrayList<>(publish.evidence());
            evidence.addAll(before.evidence());
            findings.add(new Finding(
                    name(), publish.stamp() + " is stored after " + before.stamp() + " of the same writer", evidence));
        }
    }

    /** The library tells of a break when it notices, a little later. */
    private static boolean brokeBetween(Event older, Event younger, Map<String, NavigableSet<Long>> breaks) {
        NavigableSet<Long> ofProcess = breaks.getOrDefault(older.process(), new TreeSet<>());
        return !ofProcess
                .subSet(older.nanos(), true, younger.nanos() + NOTICE_NANOS, true)
                .isEmpty();
    }
}
