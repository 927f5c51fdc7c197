package io.stanchion.chaos.checker;

import io.stanchion.chaos.checker.Publishes.Publish;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.workload.Stamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was acknowledged before another publish began is stored before it. */
public final class RealTimeOrder implements Checker {
    @Override
    public String name() {
        return "real-time-order";
    }

    @Override
    public List<Finding> check(Trial trial) {
        List<Finding> findings = new ArrayList<>();
        if (!trial.stores().isEmpty()) { // that the others agree is somebody else's business
            trial.stores()
                    .get(0)
                    .channels()
                    .forEach((channel, stored) -> check(trial, channel, stored.messages(), findings));
        }
        return findings;
    }

    /** From the end to the beginning: none may have begun after the earliest acknowledgement among those behind it. */
    private void check(Trial trial, String channel, List<StoredMessage> messages, List<Finding> findings) {
        Publish earliest = null;
        for (int i = messages.size() - 1; i >= 0; i--) {
            Publish publish = publishOf(trial, messages.get(i));
            if (publish == null) {
                continue;
            }
            if (earliest != null
                    && earliest.acknowledgedNanos() < publish.invoked().nanos()) {
                List<Event> evidence = new ArrayList<>(earliest.evidence());
                evidence.addAll(publish.evidence());
                findings.add(new Finding(
                        name(),
                        "channel " + channel + ": " + publish.stamp() + " is stored as "
                                + messages.get(i).sequence() + ", before " + earliest.stamp()
                                + ", which was acknowledged before the other was published",
                        evidence));
            }
            if (earliest == null || publish.acknowledgedNanos() < earliest.acknowledgedNanos()) {
                earliest = publish;
            }
        }
    }

    private static @Nullable Publish publishOf(Trial trial, StoredMessage message) {
        Stamp stamp = message.stamp();
        return stamp == null ? null : trial.publishes().of(stamp);
    }
}
