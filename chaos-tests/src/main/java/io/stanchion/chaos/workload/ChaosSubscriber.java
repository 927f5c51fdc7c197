package io.stanchion.chaos.workload;

import io.nats.streaming.Message;
import io.nats.streaming.StreamingConnection;
import io.nats.streaming.Subscription;
import io.nats.streaming.SubscriptionOptions;
import io.stanchion.chaos.history.Action;
import io.stanchion.chaos.history.Event;
import io.stanchion.chaos.history.HistoryWriter;
import io.stanchion.chaos.history.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of the streaming client, from subscribing to its end, in the history. Messages come on a thread of the client library.
 * An acknowledgement is in the history before it is on its way: what the server may take for settled is never more than what is here.
 */
final class ChaosSubscriber {
    private final SubscriberPlan plan;
    private final String party;
    private final Duration patience;
    private final HistoryWriter history;
    private final Random random;
    private final AtomicBoolean omits;
    private volatile @Nullable Subscription subscription;

    /**
     * @param party names this subscription among all of a run, those of the same durable included
     * @param patience how long to wait until it is confirmed
     */
    ChaosSubscriber(
            SubscriberPlan plan,
            String party,
            Duration patience,
            HistoryWriter history,
            long seed,
            AtomicBoolean omits) {
        this.patience = patience;
        this.plan = plan;
        this.party = party;
        this.history = history;
        this.random = new Random(seed);
        this.omits = omits;
    }

    /** True if the server agreed. */
    boolean trySubscribe(StreamingConnection connection) throws InterruptedException {
        long operation = history.nextOperation();
        history.append(event(Phase.INVOKE, Action.SUBSCRIBE, operation).saying(plan.write()));
        try {
            subscription = plan.isGroup()
                    ? connection.subscribe(plan.channel(), plan.group(), this::onMessage, options())
                    : connection.subscribe(plan.channel(), this::onMessage, options());
            history.append(event(Phase.OK, Action.SUBSCRIBE, operation));
            return true;
        } catch (InterruptedException e) {
            history.append(event(Phase.INFO, Action.SUBSCRIBE, operation).saying("interrupted"));
            throw e;
        } catch (IOException | TimeoutException | RuntimeException e) {
            history.append(event(Phase.INFO, Action.SUBSCRIBE, operation).saying(String.valueOf(e.getMessage())));
            return false;
        }
    }

    private SubscriptionOptions options() {
        SubscriptionOptions.Builder options = new SubscriptionOptions.Builder()
                .manualAcks()
                .maxInFlight(plan.maxInFlight())
                .ackWait(Duration.ofSeconds(plan.ackWaitSeconds()))
                .subscriptionTimeout(patience);
        if (plan.isDurable()) {
            options.durableName(plan.durable());
        }
        switch (plan.start()) {
            case ALL -> options.deliverAllAvailable();
            case LAST -> options.startWithLastReceived();
            case SEQUENCE -> options.startAtSequence(SubscriberPlan.FIRST_SEQUENCE);
            case TIME -> options.startAtTimeDelta(SubscriberPlan.TIME_DELTA);
            case NEW -> {} // what the protocol does when nothing is said
        }
        return options.build();
    }

    private void onMessage(Message message) {
        Event seen = event(Phase.INFO, Action.DELIVER, 0)
                .stored(message.getSequence(), message.getTimestamp(), message.isRedelivered());
        history.append(Stamp.tryRead(message.getData())
                .map(stamp -> seen.message(stamp.writer(), stamp.counter()))
                .orElse(seen.saying("a payload of nobody")));
        if (!message.isRedelivered() && omits.get() && random.nextInt(100) < plan.omittedPercent()) {
            return;
        }
        history.append(event(Phase.INFO, Action.ACK, 0).stored(message.getSequence(), Event.NONE, false));
        try {
            message.ack();
        } catch (IOException | IllegalStateException e) {
            return; // the connection is gone, and the message comes again
        }
    }

    /** Leaves; a durable stays behind on the server unless it is told to forget it. True if the server agreed. */
    boolean tryEnd(Action how) {
        Subscription leaving = subscription;
        if (leaving == null) {
            return false;
        }
        long operation = history.nextOperation();
        history.append(event(Phase.INVOKE, how, operation));
        try {
            leaving.close(how == Action.UNSUBSCRIBE);
            history.append(event(Phase.OK, how, operation));
            return true;
        } catch (IOException | RuntimeException e) {
            // The library interrupts its caller if nobody answers in time; the next operation is none of that.
            Thread.interrupted();
            history.append(event(Phase.INFO, how, operation).saying(String.valueOf(e.getMessage())));
            return false;
        }
    }

    private Event event(Phase phase, Action action, long operation) {
        return history.event(phase, action, operation).on(plan.channel(), party);
    }
}
