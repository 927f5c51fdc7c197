package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.Phase;
import io.stanchion.chaos.nemesis.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** While a majority is there, somebody's publish is acknowledged every few seconds. */
public final class AckPause implements Checker {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    @Override
    public String name() {
        return "ack-pause";
    }

    @Override
    public List<Finding> check(Trial trial) {
        if (trial.promise() != Promise.SHORT) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        List<Event> publishes = trial.history()
                .select(event -> event.action() == Action.PUBLISH && event.phase() != Phase.INFO)
                .toList();
        Event since = null; // the last acknowledgement, or the first publish after a time without any
        for (Event event : publishes) {
            if (since == null) {
                since = event;
            } else if (event.phase() == Phase.OK) {
                long pause = event.nanos() - since.nanos();
                if (pause >= LIMIT_NANOS) {
                    findings.add(new Finding(
                            name(),
                            String.format(Locale.ROOT, "no publish was acknowledged for %.1f s", pause / 1e9),
                            List.of(since, event)));
                }
                since = event;
            }
        }
        if (since != null && since.phase() == Phase.INVOKE) {
            findings.add(new Finding(name(), "no publish was ever acknowledged", List.of(since)));
        }
        return findings;
    }
}
