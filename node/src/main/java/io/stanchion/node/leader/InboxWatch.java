package io.stanchion.node.leader;

import io.stanchion.gateway.core.MessageBus;
import io.stanchion.gateway.core.Subject;
import io.stanchion.gateway.stan.ReplicatedLog;
import io.stanchion.proto.command.CommandProto;
import io.stanchion.proto.command.RedeliverProto;
import io.stanchion.proto.command.ReplyProto;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Where the subscribers are that something is on its way to. A subscriber whose node or connection died comes back on another path; what
 * was on its way by then is lost, and waiting for the ack deadline would be a pause of half a minute for nothing. So the log is asked to
 * give it again at once; what the subscriber was given well before keeps its deadline. Owned by the leader's thread.
 *
 * <p>A subscriber that returns to the same other node between two looks is not noticed; it has to wait for the deadline. A connection to a
 * node that breaks and returns is noticed, however short that was.
 */
final class InboxWatch {
    private static final long LOOK_NANOS = 100_000_000L;

    private final MessageBus bus;
    private final ReplicatedLog log;
    private final Mailbox mailbox;
    private final Clocks clocks;
    private final LongPredicate isAwaited;
    private final Map<Long, Place> places = new HashMap<>();

    /** Subscriptions for which the log has given everything pending again. */
    private final Set<Long> answered = new LinkedHashSet<>();

    private long nextLook;

    private static final class Place {
        private final Subject inbox;
        /** Null while nobody listens. */
        private @Nullable Object whereabouts;
        /** Whether anything was sent that may be lost. */
        private boolean sent;
        /** When somebody was seen to listen last, on the log's clock. */
        private long presentNanos;
        /** Whether the log is about to give everything again. What is new waits, so that it comes behind that. */
        private boolean asked;

        Place(Subject inbox) {
            this.inbox = inbox;
        }
    }

    /** @param isAwaited whether anything is pending at a subscription; others are not watched any longer */
    InboxWatch(MessageBus bus, ReplicatedLog log, Mailbox mailbox, Clocks clocks, LongPredicate isAwaited) {
        this.bus = bus;
        this.log = log;
        this.mailbox = mailbox;
        this.clocks = clocks;
        this.isAwaited = isAwaited;
        this.nextLook = clocks.monotonicNanos() + LOOK_NANOS;
    }

    /** Whether a message sent now would find somebody; remembers where. */
    boolean isPresent(long subscription, Subject inbox) {
        Place place = places.get(subscription);
        if (place == null || !place.inbox.equals(inbox)) {
            place = new Place(inbox);
            places.put(subscription, place);
        }
        if (!place.sent) {
            place.whereabouts = bus.whereabouts(inbox);
            place.sent = place.whereabouts != null;
            place.presentNanos = clocks.logNanos();
        } else if (place.whereabouts != null && bus.whereabouts(inbox) != place.whereabouts) {
            // It has moved since the last look: what is new comes behind what the next one asks for.
            place.whereabouts = null;
        }
        return place.whereabouts != null && !place.asked;
    }

    /** Whether the way to a subscriber that is {@link #isPresent present} is not full of what was sent already. */
    boolean hasRoom(long subscription) {
        Place place = places.get(subscription);
        Object whereabouts = place == null ? null : place.whereabouts;
        return whereabouts == null || bus.hasRoom(whereabouts);
    }

    /**
     * Looks after everybody, now and then.
     *
     * @param onPresent told of each subscription that was waited for and may be sent what waits: it is there for the first time, or has
     *     come back and the log has given everything pending again
     * @param onVoid told of each for which nothing that waits is of use any more, because nothing is pending
     */
    void look(LongConsumer onPresent, LongConsumer onVoid) {
        answered.forEach(onPresent::accept);
        answered.clear();
        long now = clocks.monotonicNanos();
        if (now - nextLook < 0) {
            return;
        }
        nextLook = now + LOOK_NANOS;
        for (Iterator<Map.Entry<Long, Place>> all = places.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Long, Place> entry = all.next();
            if (isAwaited.test(entry.getKey())) {
                look(entry.getKey(), entry.getValue(), onPresent);
            } else {
                onVoid.accept(entry.getKey());
                all.remove();
            }
        }
    }

    private void look(long subscription, Place place, LongConsumer onPresent) {
        Object present = bus.whereabouts(place.inbox);
        if (present == place.whereabouts || place.asked) {
            place.presentNanos = present == null ? place.presentNanos : clocks.logNanos();
            return;
        }
        place.whereabouts = present;
        if (present == null) {
            return;
        }
        if (place.sent) {
            askAgain(subscription, place);
        } else {
            onPresent.accept(subscription);
        }
    }

    private void askAgain(long subscription, Place place) {
        place.asked = true;
        RedeliverProto redeliver = RedeliverProto.newBuilder()
                .setSubscription(subscription)
                .setPresentUntilNanos(place.presentNanos)
                .build();
        log.append(
                CommandProto.newBuilder().setRedeliver(redeliver).build(),
                reply -> mailbox.post(() -> onReply(subscription, place, reply)));
    }

    /** The effects of the entry are queued before its reply: they have taken their places when {@link #look} tells who goes on. */
    private void onReply(long subscription, Place place, ReplyProto reply) {
        place.asked = false;
        if (places.get(subscription) != place) {
            return; // gone, or under another inbox
        }
        if (reply.getError().isEmpty()) {
            answered.add(subscription);
        } else {
            place.whereabouts = null; // the next look asks again
        }
    }

    /** Monotonic nanoseconds. */
    long next() {
        return places.isEmpty() ? Deadlines.NONE : nextLook;
    }
}
