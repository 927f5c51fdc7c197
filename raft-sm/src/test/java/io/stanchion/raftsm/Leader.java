package io.stanchion.raftsm;

import io.stanchion.raftsm.command.Command;
import io.stanchion.raftsm.command.DeleteChannel;
import io.stanchion.raftsm.command.ExpireAcks;
import io.stanchion.raftsm.command.TakeOver;
import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.model.Channel;
import io.stanchion.raftsm.model.MachineState;
import io.stanchion.raftsm.model.Pending;
import io.stanchion.raftsm.model.Subscription;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a leader knows from the effects of its own term alone. It must be enough: whatever is pending was sent to its present holder, or
 * by an earlier leader well before its end, and a timer will ask for it again.
 */
final class Leader {
    private static final long UNDER_WAY_NANOS = 5_000_000_000L;

    /** When each subscription was sent each message. */
    private final Map<Long, Map<Long, Long>> sent = new TreeMap<>();

    private long lastNanos;
    private final TreeSet<Long> armed = new TreeSet<>();
    private final TreeSet<String> watched = new TreeSet<>();
    private long term;

    void passTime(long entryTerm, long nanos) {
        if (term == entryTerm) {
            lastNanos = nanos;
        }
    }

    private static boolean isOf(long entryTerm, TakeOver takeOver) {
        return takeOver.term() == 0 || takeOver.term() == entryTerm;
    }

    void follow(Command command, List<Effect> effects, long entryTerm, long nanos) {
        if (command instanceof TakeOver takeOver && isOf(entryTerm, takeOver) && term != entryTerm) {
            term = entryTerm;
            sent.values().forEach(messages -> messages.values().removeIf(time -> time >= lastNanos - UNDER_WAY_NANOS));
            armed.clear();
            watched.clear();
        }
        passTime(entryTerm, nanos);
        if (command instanceof DeleteChannel fired) {
            watched.remove(fired.channel() + " " + fired.channelId());
        }
        if (command instanceof ExpireAcks fired) {
            armed.remove(fired.subscription());
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.Deliver deliver) {
                Map<Long, Long> messages = sent.computeIfAbsent(deliver.subscription(), id -> new TreeMap<>());
                for (long i = deliver.first(); i <= deliver.last(); i++) {
                    messages.put(i, nanos);
                }
                armed.add(deliver.subscription());
            } else if (effect instanceof Effect.ArmIdleTimer arm) {
                watched.add(arm.channel() + " " + arm.channelId());
            } else if (effect instanceof Effect.ArmAckTimer arm) {
                armed.add(arm.subscription());
            }
        }
    }

    void check(MachineState state, long entryTerm) {
        if (term != entryTerm) {
            return; // nobody delivers
        }
        for (Channel channel : state.channels()) {
            boolean idle = channel.limits().maxInactivityNanos() > 0
                    && channel.subscriptions().stream().noneMatch(Subscription::isOnline);
            Oracle.require(
                    !idle || watched.contains(channel.name() + " " + channel.id()),
                    "nobody will ever delete it",
                    channel.name());
            for (Subscription sub : channel.subscriptions()) {
                if (!sub.isOnline() || !sub.isStarted()) {
                    sent.remove(sub.id());
                }
                boolean waiting =
                        sub.isOnline() && (!sub.isStarted() || !sub.pending().isEmpty());
                Oracle.require(!waiting || armed.contains(sub.id()), "no timer will ever fire", sub.id());
                if (sub.isOnline() && sub.isStarted()) {
                    checkSent(sub, channel.first());
                }
            }
        }
    }

    private void checkSent(Subscription sub, long firstStored) {
        Map<Long, Long> messages = sent.getOrDefault(sub.id(), Map.of());
        for (Pending.Range range : sub.pending().ranges()) {
            for (long i = Math.max(range.first(), firstStored); i <= range.last(); i++) {
                Oracle.require(messages.containsKey(i), "pending but not sent: " + i, sub.id());
            }
        }
    }
}
