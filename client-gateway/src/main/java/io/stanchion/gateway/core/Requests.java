package io.stanchion.gateway.core;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Requests of the node itself. All replies come to one subscription, {@code _INBOX.<nuid>.*}, as in the clients. Thread-safe; never
 * blocks.
 */
public final class Requests implements AutoCloseable {
    private final MessageBus bus;
    private final Timers timers;
    private final int pendingMax;
    private final String inboxPrefix;
    private final Interest interest;
    private final Map<Subject, Pending> pending = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();

    /** How a request ended. */
    public enum Outcome {
        REPLIED,
        /** There was no subscriber for it anywhere; the router of this node reports it before {@link #request} returns. */
        NOBODY,
        /**
         * No reply in time, or this was closed. Reported before {@link #request} returns if it was not sent at all, because too many are
         * waiting or nobody can be asked now.
         */
        TIMED_OUT
    }

    /** Learns the end of a request, once, on any thread; must not block. */
    @FunctionalInterface
    public interface ReplyHandler {
        /**
         * @param reply only with {@link Outcome#REPLIED}; borrowed, see {@link Message}
         */
        void onOutcome(Outcome outcome, @Nullable Message reply);
    }

    /**
     * @param pendingMax requests that may wait at the same time
     */
    public Requests(MessageBus bus, Timers timers, int pendingMax) {
        this.bus = bus;
        this.timers = timers;
        this.pendingMax = pendingMax;
        this.inboxPrefix = "_INBOX." + Nuid.next() + ".";
        this.interest = bus.subscribe(Subject.of(inboxPrefix + "*"), null, Scope.CLUSTER, this::onReply);
    }

    /**
     * Sends a request; the first reply counts.
     *
     * @param payload borrowed; the caller releases it after the call
     */
    public void request(Subject subject, ByteBuf payload, long timeoutMillis, ReplyHandler handler) {
        if (pending.size() >= pendingMax || !bus.isConnected()) {
            handler.onOutcome(Outcome.TIMED_OUT, null);
            return;
        }
        Subject inbox = Subject.of(inboxPrefix + Long.toString(number.incrementAndGet(), Character.MAX_RADIX));
        pending.put(inbox, new Pending(handler, timers.schedule(timeoutMillis, () -> end(inbox, Outcome.TIMED_OUT))));
        if (!bus.publish(new Message(subject, inbox, 0, payload))) {
            end(inbox, Outcome.NOBODY);
        }
    }

    /** Ends all requests as if their time were up. */
    @Override
    public void close() {
        interest.close();
        pending.keySet().forEach(inbox -> end(inbox, Outcome.TIMED_OUT));
    }

    private boolean onReply(Message message) {
        Pending request = pending.remove(message.subject());
        if (request == null) {
            return false; // a second reply, or one that came too late
        }
        request.timer.cancel();
        if (NoResponders.isStatusOf(message)) {
            request.handler.onOutcome(Outcome.NOBODY, null);
        } else {
            request.handler.onOutcome(Outcome.REPLIED, message);
        }
        return true;
    }

    private void end(Subject inbox, Outcome outcome) {
        Pending request = pending.remove(inbox);
        if (request != null) {
            request.timer.cancel();
            request.handler.onOutcome(outcome, null);
        }
    }

    private record Pending(ReplyHandler handler, Timers.Timer timer) {}
}
