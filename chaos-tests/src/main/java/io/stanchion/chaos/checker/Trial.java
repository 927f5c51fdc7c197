package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.History;
import io.stanchion.chaos.nemesis.Promise;
import java.time.Duration;
import java.util.List;

/**
 * All that a checker may look at.
 *
 * @param stores of each node, after everything has come to rest
 * @param replicas what each node said about itself, before it was stopped
 * @param messagesMax how many messages a channel may hold
 * @param pauseMax how long nobody may be acknowledged a publish while a majority is there
 */
public record Trial(
        History history,
        List<NodeStore> stores,
        List<ReplicaStatement> replicas,
        Promise promise,
        long messagesMax,
        Duration pauseMax,
        Publishes publishes,
        Subscriptions subscriptions) {
    public static Trial of(
            History history,
            List<NodeStore> stores,
            List<ReplicaStatement> replicas,
            Promise promise,
            long messagesMax,
            Duration pauseMax) {
        return new Trial(
                history,
                List.copyOf(stores),
                List.copyOf(replicas),
                promise,
                messagesMax,
                pauseMax,
                Publishes.of(history),
                Subscriptions.of(history));
    }
}
