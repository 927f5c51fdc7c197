package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.Await;
import io.stanchion.chaos.cluster.Folders;
import io.stanchion.chaos.cluster.NodeException;
import io.stanchion.chaos.cluster.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What an operator does with a node that ended by itself: look at its last words, and start it. */
final class Restarts {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration FAULT_PATIENCE = Duration.ofSeconds(10);
    private static final int STARTS_MAX = 3;
    private static final int STATUS_NOT_STARTED = 1;
    private static final int STATUS_FAULT = 2;

    private Restarts() {}

    /** What was done to them is no reason to end. */
    static void requireRunning(List<NodeProcess> nodes) {
        for (NodeProcess node : nodes) {
            if (!node.isAlive()) {
                throw new NodeException("node " + node.id() + " ended by itself with status " + node.awaitEnd(PATIENCE)
                        + ": " + node.logTail());
            }
        }
    }

    /** Starts those that have ended as they should when they can't go on. */
    static void startFaulty(List<NodeProcess> nodes, FaultLog faults) {
        for (NodeProcess node : nodes) {
            if (!node.isAlive()) {
                awaitFault(node, faults);
                node.start();
            }
        }
    }

    /** A node that can't go on ends soon, and says with its status that this is a fault. */
    static void awaitFault(NodeProcess node, FaultLog faults) {
        int status = node.awaitEnd(FAULT_PATIENCE);
        faults.say(node.id() + " ended with status " + status + ": " + node.logTail());
        if (status != STATUS_FAULT) {
            throw new NodeException("node " + node.id() + " ended with status " + status + " and not with "
                    + STATUS_FAULT + ": " + node.logTail());
        }
    }

    /** Whatever it finds on its disk, it has to come back by itself, with the help of its peers; a refusal fails. */
    static void startHarmed(NodeProcess node, FaultLog faults) throws IOException {
        if (!tryStart(node, faults)) {
            throw new NodeException("node " + node.id() + " refuses to start: " + node.logTail());
        }
    }

    /** A node that can't know whose data that is says so; then its disk is emptied, and its peers give it everything back. */
    static void startOrEmpty(NodeProcess node, FaultLog faults) throws IOException {
        if (!tryStart(node, faults)) {
            Folders.delete(node.dataDirectory());
            node.start();
        }
    }

    /** False if it refuses. One that ends for another reason is started again, as a supervisor does. */
    private static boolean tryStart(NodeProcess node, FaultLog faults) throws IOException {
        forgetEarlierHarm(node);
        for (int starts = 0; starts < STARTS_MAX; starts++) {
            node.start();
            Await.tryUntil(PATIENCE, () -> !node.isAlive() || node.monitor().isReady());
            if (node.isAlive()) {
                faults.say(node.id() + " runs: " + node.monitor().health());
                return true;
            }
            int status = node.awaitEnd(PATIENCE);
            faults.say(node.id() + " ended with status " + status + ": " + node.logTail());
            if (status == STATUS_NOT_STARTED) {
                return false;
            }
        }
        throw new NodeException("node " + node.id() + " ended again and again: " + node.logTail());
    }

    /** A node that has set its data aside twice within an hour refuses to do it again. The operator has replaced the disk since. */
    static void forgetEarlierHarm(NodeProcess node) throws IOException {
        if (!Files.isDirectory(node.dataDirectory())) {
            return;
        }
        for (Path folder : Folders.find(node.dataDirectory(), "quarantined-")) {
            Folders.delete(folder);
        }
    }
}
