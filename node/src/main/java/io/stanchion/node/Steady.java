package io.stanchion.node;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task for a timer, which would never run one again that has failed once. Of failures in a row the first is told, and at the end their
 * number. Owned by the timer's thread.
 */
final class Steady implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Steady.class);

    private final String name;
    private final Runnable task;
    private long failures;

    Steady(String name, Runnable task) {
        this.name = name;
        this.task = task;
    }

    @Override
    public void run() {
        try {
            task.run();
        } catch (RuntimeException e) {
            if (failures++ == 0) {
                log.error("{} has failed, and is tried again", name, e);
            }
            return;
        }
        if (failures > 0) {
            log.info("{} works again failures={}", name, failures);
            failures = 0;
        }
    }
}
