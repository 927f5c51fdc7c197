package io.stanchion.chaos.checker;

import io.stanchion.chaos.history.History;
import io.stanchion.chaos.nemesis.Promise;
import java.util.List;

/**
 * All that a checker may look at.
 *
 * @param stores of each node, after everything has come to rest
 * @param replicas what each node said about itself, before it was stopped
 * @param messagesMax how many messages a channel may hold
 */
public record Trial(
        History history,
        List<NodeStore> stores,
        List<ReplicaStatement> replicas,
        Promise promise,
        long messagesMax,
        Publishes publishes,
        Subscriptions subscriptions) {
    public static Trial of(
            History history,
            List<NodeStore> stores,
            List<ReplicaStatement> replicas,
            Promise promise,
            long messagesMax) {
        return new Trial(
                history,
                List.copyOf(stores),
                List.copyOf(replicas),
                promise,
                messagesMax,
                Publishes.of(history),
                Subscriptions.of(history));
    }
}
