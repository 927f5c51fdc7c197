package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.History;
import io.stanchion.chaos.nemesis.Promise;
import io.stanchion.chaos.workload.Limits;
import java.time.Duration;
import java.util.List;

/**
 * All that a checker may look at.
 *
 * @param stores of each node, after everything has come to rest
 * @param replicas what each node said about itself, before it was stopped
 * @param ending when the nodes were stopped for that
 * @param pauseMax how long nobody may be acknowledged a publish while a majority is there
 */
public record Trial(
        History history,
        List<NodeStore> stores,
        List<ReplicaStatement> replicas,
        Ending ending,
        Promise promise,
        Limits limits,
        Duration pauseMax,
        Publishes publishes,
        Subscriptions subscriptions) {
    public static Trial of(
            History history,
            List<NodeStore> stores,
            List<ReplicaStatement> replicas,
            Ending ending,
            Promise promise,
            Limits limits,
            Duration pauseMax) {
        return new Trial(
                history,
                List.copyOf(stores),
                List.copyOf(replicas),
                ending,
                promise,
                limits,
                pauseMax,
                Publishes.of(history),
                Subscriptions.of(history));
    }
}
