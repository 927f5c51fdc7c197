package io.stanchion.node;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a task that goes on until it has nothing to do any more. A defect, its own or that of a library in a bad moment, is told, and does not
 * end it: it begins anew, a moment later.
 */
final class Tireless {
    private static final Logger log = LoggerFactory.getLogger(Tireless.class);

    private final String name;
    private final long pauseMillis;

    /** A task that may wait, and may have to give up. */
    interface Task {
        void run() throws IOException, InterruptedException;
    }

    Tireless(String name, long pauseMillis) {
        this.name = name;
        this.pauseMillis = pauseMillis;
    }

    void run(Task task) throws IOException, InterruptedException {
        while (hasFailed(task)) {
            TimeUnit.MILLISECONDS.sleep(pauseMillis);
        }
    }

    private boolean hasFailed(Task task) throws IOException, InterruptedException {
        try {
            task.run();
            return false;
        } catch (RuntimeException e) {
            log.error("{} has failed, and begins anew", name, e);
            return true;
        }
    }
}
