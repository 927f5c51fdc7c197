package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.Folders;
import io.stanchion.chaos.cluster.NodeProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What an operator does with a node that ended by itself: look at its last words, and start it. */
final class Restarts {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Restarts() {}

    static void startEnded(List<NodeProcess> nodes, FaultLog faults) {
        for (NodeProcess node : nodes) {
            if (!node.isAlive()) {
                faults.say(node.id() + " had ended: " + node.logTail());
                node.start();
            }
        }
    }

    /** A node that refuses what it finds on its disk says why; then its disk is emptied, and its peers give it everything back. */
    static void emptyIfRefused(NodeProcess node, FaultLog faults) throws IOException {
        Await.tryUntil(PATIENCE, () -> !node.isAlive() || node.monitor().isReady());
        if (node.isAlive()) {
            faults.say(node.id() + " runs: " + node.monitor().health());
            return;
        }
        faults.say(node.id() + " refused: " + node.logTail());
        Folders.delete(node.dataDirectory());
        node.start();
    }
}
