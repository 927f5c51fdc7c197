package io.stanchion.gateway.stan;

import io.netty.buffer.Unpooled;
import io.stanchion.gateway.core.Requests;
import io.stanchion.gateway.core.Requests.Outcome;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.core.Timers;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Finds out whether the holder of a client ID lives, by its heartbeat inbox. While all nodes are in touch, an inbox that has no subscriber
 * twice, a moment apart, is proof that it does not: what another node has told of its interest a moment ago may still be on its way.
 * Otherwise it may be at a node that is out of sight, or on its way from one that has died: it has the time of a request to turn up.
 */
final class DuplicateCheck implements AutoCloseable {
    /** In which every node in touch has heard where somebody listens. */
    static final long INTEREST_MILLIS = 100;

    private final Requests requests;
    private final Timers timers;
    private final BooleanSupplier allNodesInTouch;
    private final long waitMillis;
    private volatile boolean closed;

    DuplicateCheck(Requests requests, Timers timers, BooleanSupplier allNodesInTouch, long waitMillis) {
        this.requests = requests;
        this.timers = timers;
        this.allNodesInTouch = allNodesInTouch;
        this.waitMillis = waitMillis;
    }

    /** Called once, on any thread; not at all after {@link #close}. */
    @FunctionalInterface
    interface Verdict {
        void onVerdict(boolean alive);
    }

    void ask(Subject heartbeatInbox, Verdict verdict) {
        send(heartbeatInbox, outcome -> {
            if (outcome != Outcome.NOBODY) {
                report(outcome, verdict);
            } else if (allNodesInTouch.getAsBoolean()) {
                timers.schedule(INTEREST_MILLIS, () -> askAgain(heartbeatInbox, verdict));
            } else {
                askLater(heartbeatInbox, verdict);
            }
        });
    }

    private void askAgain(Subject heartbeatInbox, Verdict verdict) {
        send(heartbeatInbox, outcome -> {
            if (outcome == Outcome.NOBODY && !allNodesInTouch.getAsBoolean()) {
                askLater(heartbeatInbox, verdict); // a node was lost meanwhile
            } else {
                report(outcome, verdict);
            }
        });
    }

    private void askLater(Subject heartbeatInbox, Verdict verdict) {
        timers.schedule(waitMillis, () -> send(heartbeatInbox, last -> report(last, verdict)));
    }

    @Override
    public void close() {
        closed = true;
    }

    private void send(Subject heartbeatInbox, OutcomeHandler handler) {
        AtomicBoolean asked = new AtomicBoolean();
        requests.request(heartbeatInbox, Unpooled.EMPTY_BUFFER, waitMillis, (outcome, reply) -> {
            // Out of time before the call is over: so many are asking that it was never sent. That proves nothing.
            boolean unsent = outcome == Outcome.TIMED_OUT && !asked.get();
            handler.onOutcome(unsent ? Outcome.REPLIED : outcome);
        });
        asked.set(true);
    }

    private void report(Outcome outcome, Verdict verdict) {
        if (!closed) {
            verdict.onVerdict(outcome == Outcome.REPLIED);
        }
    }

    @FunctionalInterface
    private interface OutcomeHandler {
        void onOutcome(Outcome outcome);
    }
}
