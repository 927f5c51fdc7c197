package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.Publishes.Publish;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.workload.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages of one writer are stored in the order of their numbers. Two of them may change places only if the writer's connection broke
 * between them: the older one may have been on its way through the old server.
 */
public final class PublisherOrder implements Checker {
    @Override
    public String name() {
        return "publisher-order";
    }

    @Override
    public List<Finding> check(Trial trial) {
        Breaks breaks = Breaks.in(trial.history(), Action.LINK, Action.CONNECT);
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

    private void judge(Publish publish, Map<Integer, Publish> greatest, Breaks breaks, List<Finding> findings) {
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

    private static boolean brokeBetween(Event older, Event younger, Breaks breaks) {
        return breaks.any(older.process(), older.nanos(), younger.nanos() + Breaks.NOTICE_NANOS);
    }
}
