package io.stanchion.chaos.workload;

import io.stanchion.chaos.history.HistoryWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens a session, closes it, and comes again under the same client ID, so that some request of that kind is always on its way. */
final class Guest {
    private static final long PAUSE_MILLIS = 1_000;

    private final ClientPlan plan;
    private final HistoryWriter history;
    private final AtomicBoolean stopped;

    Guest(ClientPlan plan, HistoryWriter history, AtomicBoolean stopped) {
        this.plan = plan;
        this.history = history;
        this.stopped = stopped;
    }

    /** Until told to stop. */
    void run() {
        try {
            while (!stopped.get()) {
                ChaosClient session = new ChaosClient(plan, plan.name() + "-guest", history, () -> {});
                if (session.tryOpen()) {
                    session.close();
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
