package io.stanchion.node.leader;

import io.netty.buffer.ByteBufAllocator;
import io.stanchion.gateway.core.Message;
import io.stanchion.gateway.core.Router;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.stan.StanCounters;
import io.stanchion.gateway.stan.StanSubjects;
import io.stanchion.raftsm.effect.Effect.Deliver;
import io.stanchion.raftsm.store.MessageReader;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

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

    private final Router router;
    private final StanCounters counters;
    private final int deliveriesMax;
    private final DeliveryPage page;
    private final Map<Long, Backlog> backlogs = new LinkedHashMap<>();
    private int deliveries;

    EffectRunner(Router router, MessageReader reader, StanCounters counters, int deliveriesMax) {
        this.router = router;
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

    void add(Deliver delivery) {
        deliveries++;
        backlogs.computeIfAbsent(delivery.subscription(), id -> new Backlog()).add(delivery);
    }

    /** Delivers a page to the subscription that has waited longest. */
    void deliverPage() {
        var oldest = backlogs.entrySet().iterator();
        if (!oldest.hasNext()) {
            return;
        }
        Map.Entry<Long, Backlog> entry = oldest.next();
        Long subscription = entry.getKey();
        Backlog backlog = entry.getValue();
        oldest.remove();
        deliverPage(backlog);
        if (!backlog.isEmpty()) {
            backlogs.put(subscription, backlog); // behind all others
        }
    }

    /** Forgets what is left. */
    void close() {
        backlogs.clear();
        deliveries = 0;
        page.clear();
    }

    private void deliverPage(Backlog backlog) {
        Deliver delivery = backlog.first();
        long first = backlog.next;
        long last = Math.min(delivery.last(), first + backlog.pageMessages - 1);
        page.load(delivery, first, last);
        publish(Subject.of(delivery.inbox()));
        if (backlog.advance(last, page.count(), page.bytes())) {
            deliveries--;
        }
    }

    private void publish(Subject inbox) {
        if (!StanSubjects.isInbox(inbox)) {
            return;
        }
        for (int i = 0; i < page.count(); i++) {
            router.publish(new Message(inbox, null, 0, page.message(i)));
        }
        counters.onDelivered(page.count(), page.bytes());
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
