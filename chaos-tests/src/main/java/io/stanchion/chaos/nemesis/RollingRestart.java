package io.stanchion.chaos.nemesis;

import io.stanchion.chaos.cluster.NodeException;
import io.stanchion.chaos.cluster.NodeProcess;
import io.stanchion.chaos.cluster.ProcessCluster;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** SIGTERM to one node after the other, each as soon as the one before is ready again. */
record RollingRestart() implements Nemesis {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "rolling-restart";
    }

    @Override
    public Promise promise() {
        return Promise.SILENT;
    }

    @Override
    public void strike(ProcessCluster cluster, RandomGenerator random, FaultLog faults) {
        for (NodeProcess node : Victims.ALL.choose(cluster, random)) {
            restart(node, faults);
            node.awaitReady(READY_LIMIT);
        }
    }

    private static void restart(NodeProcess node, FaultLog faults) {
        try {
            faults.say("SIGTERM " + node.id());
            int status = node.terminate(STOP_LIMIT);
            faults.say(node.id() + " ended with status " + status);
            if (status != 0) {
                throw new NodeException(
                        node.id() + " ended with status " + status + " after SIGTERM: " + node.logTail());
            }
        } finally {
            node.kill();
            node.start();
        }
    }
}
