package io.stanchion.gateway.core;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs things later; tests move the time by hand. */
@FunctionalInterface
public interface Timers {
    Timer schedule(long delayMillis, Runnable task);

    static Timers of(ScheduledExecutorService executor) {
        return (delayMillis, task) -> {
            Future<?> future = executor.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        };
    }

    /** Something that will run, unless it is cancelled first. */
    @FunctionalInterface
    interface Timer {
        void cancel();
    }
}
