package io.stanchion.raftsm.model;

import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.effect.Effect.Deliver;
import java.util.ArrayList;
import java.util.List;

/** What the leader owes for one command, in order, and what deciding about it takes: the time and the term of the entry. */
public final class Outbox {
    /** Deadlines this close count as reached: one entry instead of several. */
    private static final long TIMER_SLACK_NANOS = 15_000_000;

    private final long term;
    private final long timeNanos;
    private final long activeNanos;
    private final boolean granting;
    private final List<Effect> effects = new ArrayList<>(2);

    Outbox(long term, long timeNanos, long activeNanos, boolean granting) {
        this.term = term;
        this.timeNanos = timeNanos;
        this.activeNanos = activeNanos;
        this.granting = granting;
    }

    /** Whether messages may be given out: the leader of this term has taken over. */
    boolean granting() {
        return granting;
    }

    long term() {
        return term;
    }

    public long timeNanos() {
        return timeNanos;
    }

    /** The time without those between terms. */
    long activeNanos() {
        return activeNanos;
    }

    long dueUntilNanos() {
        return timeNanos + TIMER_SLACK_NANOS;
    }

    public void add(Effect effect) {
        effects.add(effect);
    }

    void deliver(Subscription to, Pending.Range range) {
        if (!effects.isEmpty()
                && effects.get(effects.size() - 1) instanceof Deliver before
                && before.subscription() == to.id()
                && before.last() + 1 == range.first()
                && before.redeliveryCount() == range.redeliveries()
                && before.deadlineNanos() == range.deadlineNanos()) {
            effects.set(effects.size() - 1, deliver(to, range, before.first()));
        } else {
            effects.add(deliver(to, range, range.first()));
        }
    }

    private static Deliver deliver(Subscription to, Pending.Range range, long first) {
        return new Deliver(
                to.id(),
                to.inbox(),
                to.channel().id(),
                to.channel().name(),
                first,
                range.last(),
                range.redeliveries(),
                range.deadlineNanos());
    }

    public List<Effect> effects() {
        return effects;
    }
}
