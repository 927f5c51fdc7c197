package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.NodeProcess;
import java.util.List;

/** What an operator does with a node that ended by itself: look at its last words, and start it. */
final class Restarts {
    private Restarts() {}

    static void startEnded(List<NodeProcess> nodes, FaultLog faults) {
        for (NodeProcess node : nodes) {
            if (!node.isAlive()) {
                faults.say(node.id() + " had ended: " + node.logTail());
                node.start();
            }
        }
    }
}
