package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.Phase;
import io.stanchion.chaos.nemesis.Promise;
import io.stanchion.chaos.workload.ClientPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fault that leaves a majority is no error to a client: nothing fails, nothing times out or waits for ever, no session is given up. What
 * was on its way to a server that died with the connection is nobody's fault: the library can't know, and the protocol has no second try.
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
        Map<Operation, Event> open = new LinkedHashMap<>();
        List<Finding> findings = new ArrayList<>();
        Breaks breaks = Breaks.in(trial.history(), Action.LINK);
        for (Event event : trial.history().events()) {
            Operation operation = new Operation(event.process(), event.operation());
            if (event.phase() == Phase.INVOKE) {
                open.put(operation, event);
            } else {
                Event invoked = event.operation() > 0 ? open.remove(operation) : null;
                if (isError(event) && !diedWithItsConnection(invoked, event, trial.promise(), breaks)) {
                    String how = event.action() + " ended in " + event.phase() + ": " + event.note();
                    findings.add(finding(how, invoked, event));
                }
            }
        }
        if (cameToRest(trial)) {
            open.values()
                    .forEach(invoked -> findings.add(finding(invoked.action() + " never ended", invoked, invoked)));
        }
        return findings;
    }

    /** What names an operation in a history. */
    private record Operation(String process, long number) {}

    /** Before, clients may have been killed in the middle of something. */
    private static boolean cameToRest(Trial trial) {
        return !trial.stores().isEmpty();
    }

    private Finding finding(String how, @Nullable Event invoked, Event event) {
        List<Event> evidence = invoked == null || invoked.equals(event) ? List.of(event) : List.of(invoked, event);
        return new Finding(name(), event.process() + ": " + how, evidence);
    }

    private static boolean isError(Event event) {
        return event.action() == Action.LOST
                || event.phase() == Phase.FAIL
                || (event.phase() == Phase.INFO && event.operation() > 0);
    }

    private static boolean diedWithItsConnection(@Nullable Event invoked, Event ended, Promise promise, Breaks breaks) {
        if (invoked == null || ended.phase() == Phase.FAIL) {
            return false;
        }
        if (promise == Promise.SILENT && !ended.process().equals(ClientPlan.ODD)) { // who hangs up by himself
            return false;
        }
        return breaks.duringOperation(invoked, ended);
    }
}
