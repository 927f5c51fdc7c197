package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.Phase;
import io.stanchion.chaos.nemesis.Promise;
import io.stanchion.chaos.workload.ClientPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fault that leaves a majority is no error to a client: nothing fails, nothing times out, no session is given up. What was on its way
 * to a server that died with the connection is nobody's fault: the library can't know, and the protocol has no second try.
 */
public final class ClientErrors implements Checker {
    @Override
    public String name() {
        return "client-errors";
    }

    @Override
    public List<Finding> check(Trial trial) {
        if (!trial.promise().keepsMajority()) {
            return List.of();
        }
        return trial.history()
                .select(ClientErrors::isError)
                .filter(event -> !diedWithItsConnection(event, trial))
                .map(event -> new Finding(
                        name(),
                        event.process() + ": " + event.action() + " ended in " + event.phase() + ": " + event.note(),
                        evidence(event, trial)))
                .toList();
    }

    private static boolean isError(Event event) {
        return event.action() == Action.LOST
                || event.phase() == Phase.FAIL
                || (event.phase() == Phase.INFO && event.operation() > 0);
    }

    private static boolean diedWithItsConnection(Event event, Trial trial) {
        if (event.action() == Action.LOST || event.phase() == Phase.FAIL) {
            return false;
        }
        if (trial.promise() == Promise.SILENT && !event.process().equals(ClientPlan.ODD)) { // who hangs up by himself
            return false;
        }
        Event invoked = invocationOf(event, trial);
        return invoked != null
                && trial.history()
                        .select(Action.LINK, Phase.INFO)
                        .anyMatch(link -> link.process().equals(event.process())
                                && link.nanos() >= invoked.nanos()
                                && link.nanos() <= event.nanos());
    }

    private static List<Event> evidence(Event event, Trial trial) {
        Event invoked = invocationOf(event, trial);
        return invoked == null ? List.of(event) : List.of(invoked, event);
    }

    private static @Nullable Event invocationOf(Event event, Trial trial) {
        return trial.history()
                .select(other -> other.phase() == Phase.INVOKE
                        && other.operation() == event.operation()
                        && other.process().equals(event.process()))
                .findFirst()
                .orElse(null);
    }
}
