package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** While a majority is there, somebody's publish is acknowledged every few seconds. */
public final class AckPause implements Checker {
    @Override
    public String name() {
        return "ack-pause";
    }

    @Override
    public List<Finding> check(Trial trial) {
        if (!trial.promise().keepsMajority()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        List<Event> publishes = trial.history()
                .select(event -> event.action() == Action.PUBLISH && event.phase() != Phase.INFO)
                .toList();
        Event since = null; // the first publish after the last acknowledgement: who publishes nothing waits for nothing
        for (Event event : publishes) {
            if (event.phase() == Phase.INVOKE) {
                since = since == null ? event : since;
            } else if (event.phase() == Phase.OK && since != null) {
                judge(since, event, trial, findings);
                since = null;
            }
        }
        if (since != null) {
            judge(since, trial.history().events().get(trial.history().events().size() - 1), trial, findings);
        }
        return findings;
    }

    private void judge(Event since, Event until, Trial trial, List<Finding> findings) {
        long pause = until.nanos() - since.nanos();
        if (pause >= trial.pauseMax().toNanos()) {
            findings.add(new Finding(
                    name(),
                    String.format(Locale.ROOT, "no publish was acknowledged for %.1f s", pause / 1e9),
                    List.of(since, until)));
        }
    }
}
