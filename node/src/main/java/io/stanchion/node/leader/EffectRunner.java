package io.stanchion.node.leader;

import io.netty.buffer.ByteBufAllocator;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.gateway.stan.StanSubjects;
import io.stanchion.raftsm.effect.Effect.Deliver;
import io.stanchion.raftsm.store.MessageReader;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Performs deliveries: in order for each subscription, and page by page in turn between them, so that a long backlog of one holds up
 * neither the others nor the timers. Owned by the leader's thread.
 *
 * <p>Nobody learns whether a message arrived. If it did not, its ack does not come, and it is delivered again.
 */
final class EffectRunner {
    /** A page is about this big, once the size of the messages is known. */
    static final int PAGE_BYTES = 128 * 1024;

    private static final int PAGE_MESSAGES_FIRST = 16;
    private static final int PAGE_MESSAGES_MAX = 512;

    private final long term;
    private final MessageBus bus;
    private final StanCounters counters;
    private final int deliveriesMax;
    private final DeliveryPage page;
    private final Map<Long, Backlog> backlogs = new LinkedHashMap<>();

    /** Of subscriptions whose inbox nobody listens to now; no more than their windows allow. */
    private final Map<Long, Backlog> parked = new LinkedHashMap<>();

    /** Of subscriptions that are sent more than their node or connection takes now; no more than their windows allow either. */
    private final Map<Long, Backlog> crowded = new LinkedHashMap<>();

    private final InboxWatch inboxes;
    private final DeliveryTrace trace;
    private final BooleanSupplier mayDeliver;
    private int deliveries;

    /** @param mayDeliver asked before each message: a page may have taken so long to read that another node leads */
    EffectRunner(
            long term,
            MessageBus bus,
            MessageReader reader,
            StanCounters counters,
            InboxWatch inboxes,
            DeliveryTrace trace,
            BooleanSupplier mayDeliver,
            int deliveriesMax) {
        this.term = term;
        this.bus = bus;
        this.inboxes = inboxes;
        this.trace = trace;
        this.mayDeliver = mayDeliver;
        this.counters = counters;
        this.deliveriesMax = deliveriesMax;
        this.page = new DeliveryPage(reader, ByteBufAllocator.DEFAULT);
    }

    /** May go over the limit: whoever asks before the effects of an entry stays just above it. */
    boolean isFull() {
        return deliveries >= deliveriesMax;
    }

    boolean isIdle() {
        return deliveries == 0;
    }

    /** A durable that is back under another inbox is given everything anew, so what was for its old inbox goes. */
    void add(Deliver delivery) {
        long subscription = delivery.subscription();
        Backlog waiting = parked.get(subscription);
        if (waiting != null && waiting.goesTo(delivery.inbox())) {
            waiting.replace(delivery);
            return;
        }
        parked.remove(subscription);
        Backlog held = crowded.get(subscription);
        if (held != null && held.goesTo(delivery.inbox())) {
            held.replace(delivery);
            return;
        }
        crowded.remove(subscription);
        Backlog queued = backlogs.get(subscription);
        if (queued != null && !queued.goesTo(delivery.inbox())) {
            deliveries -= queued.size();
            backlogs.remove(subscription);
        }
        deliveries++;
        backlogs.computeIfAbsent(subscription, id -> new Backlog()).add(delivery);
    }

    /** Delivers a page, or as much of it as it may, to the subscription that has waited longest. */
    void deliverPage() {
        var oldest = backlogs.entrySet().iterator();
        if (!oldest.hasNext()) {
            return;
        }
        Map.Entry<Long, Backlog> entry = oldest.next();
        Long subscription = entry.getKey();
        Backlog backlog = entry.getValue();
        oldest.remove();
        if (!inboxes.isPresent(subscription, Subject.of(backlog.first().inbox()))) {
            deliveries -= backlog.size();
            parked.put(subscription, backlog);
            return;
        }
        if (!inboxes.hasRoom(subscription)) {
            deliveries -= backlog.size();
            crowded.put(subscription, backlog);
            return;
        }
        deliverPage(backlog);
        if (!backlog.isEmpty()) {
            backlogs.put(subscription, backlog); // behind all others
        }
    }

    /** Goes on with those who have room again. */
    void retryCrowded() {
        for (var all = crowded.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Long, Backlog> entry = all.next();
            if (inboxes.hasRoom(entry.getKey())) {
                all.remove();
                deliveries += entry.getValue().size();
                backlogs.put(entry.getKey(), entry.getValue());
            }
        }
    }

    boolean isAnyCrowded() {
        return !crowded.isEmpty();
    }

    /** The subscriber is there now: it gets what waited for it. */
    void resume(long subscription) {
        Backlog waiting = parked.remove(subscription);
        if (waiting != null) {
            deliveries += waiting.size();
            backlogs.put(subscription, waiting);
        }
    }

    /** What waited for this subscriber is given anew by the log, or not wanted any more. */
    void drop(long subscription) {
        parked.remove(subscription);
        crowded.remove(subscription);
    }

    /** Forgets what is left. */
    void close() {
        backlogs.clear();
        parked.clear();
        crowded.clear();
        deliveries = 0;
        page.clear();
    }

    private void deliverPage(Backlog backlog) {
        Deliver delivery = backlog.first();
        long first = backlog.next;
        long last = Math.min(delivery.last(), first + backlog.pageMessages - 1);
        page.load(delivery, first, last);
        int sent = publish(Subject.of(delivery.inbox()));
        long done = sent == page.count() ? last : page.sequence(sent) - 1;
        trace.sent(delivery, first, done, sent);
        if (delivery.redeliveryCount() > 0) {
            counters.onRedelivered(sent);
        }
        if (backlog.advance(done, sent, page.bytes(sent))) {
            deliveries--;
        }
    }

    /** Returns how many messages of the page are done. */
    private int publish(Subject inbox) {
        if (!StanSubjects.isInbox(inbox)) {
            return page.count();
        }
        int sent = 0;
        while (sent < page.count() && mayDeliver.getAsBoolean()) {
            bus.publish(new Message(inbox, null, 0, page.message(sent++), term));
        }
        counters.onDelivered(sent, page.bytes(sent));
        return sent;
    }

    /** What one subscription is owed, in order; the first delivery may be half done. */
    private static final class Backlog {
        private final ArrayDeque<Deliver> owed = new ArrayDeque<>(2);
        long next;
        int pageMessages = PAGE_MESSAGES_FIRST;

        void add(Deliver delivery) {
            if (owed.isEmpty()) {
                next = delivery.first();
            }
            owed.add(delivery);
        }

        /** A redelivery takes the place of the deliveries that it repeats and that have not happened. */
        void replace(Deliver delivery) {
            if (delivery.redeliveryCount() > 0) {
                Deliver head = owed.peekFirst();
                owed.removeIf(earlier -> earlier.first() >= delivery.first() && earlier.last() <= delivery.last());
                Deliver newHead = owed.peekFirst();
                if (newHead != null && !newHead.equals(head)) {
                    next = newHead.first();
                }
            }
            add(delivery);
        }

        /** All deliveries of a backlog go to one inbox. */
        boolean goesTo(String inbox) {
            return first().inbox().equals(inbox);
        }

        int size() {
            return owed.size();
        }

        boolean isEmpty() {
            return owed.isEmpty();
        }

        Deliver first() {
            return owed.getFirst();
        }

        /** Returns true if that was the end of the first delivery. */
        boolean advance(long lastDone, int messages, int bytes) {
            if (messages > 0) {
                pageMessages = Math.max(1, Math.min(PAGE_MESSAGES_MAX, PAGE_BYTES / (bytes / messages)));
            }
            next = lastDone + 1;
            if (lastDone < first().last()) {
                return false;
            }
            owed.removeFirst();
            if (!owed.isEmpty()) {
                next = first().first();
            }
            return true;
        }
    }
}
