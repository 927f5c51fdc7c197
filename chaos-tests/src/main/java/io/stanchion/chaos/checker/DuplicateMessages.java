package io.stanchion.chaos.checker;

import io.stanchion.chaos.workload.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Each publish is stored once at most, however often the cluster had to try. */
public final class DuplicateMessages implements Checker {
    @Override
    public String name() {
        return "duplicate-messages";
    }

    @Override
    public List<Finding> check(Trial trial) {
        List<Finding> findings = new ArrayList<>();
        for (NodeStore store : trial.stores()) {
            Map<Stamp, Long> seen = new HashMap<>();
            store.channels()
                    .values()
                    .forEach(channel -> channel.messages().forEach(message -> {
                        Stamp stamp = message.stamp();
                        Long before = stamp == null ? null : seen.putIfAbsent(stamp, message.sequence());
                        if (stamp != null && before != null) {
                            Publishes.Publish publish = trial.publishes().of(stamp);
                            findings.add(new Finding(
                                    name(),
                                    "node " + store.node() + " has message " + stamp.writer() + "/" + stamp.counter()
                                            + " of channel " + stamp.channel() + " twice, as " + before + " and "
                                            + message.sequence(),
                                    publish == null ? List.of() : publish.evidence()));
                        }
                    }));
        }
        return findings;
    }
}
