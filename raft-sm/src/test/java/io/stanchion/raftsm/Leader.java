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
 * What a leader knows from the effects of its own term alone. It must be enough: whatever is pending was sent to its present holder, and a
 * timer will ask for it again.
 */
final class Leader {
    private final Map<Long, TreeSet<Long>> sent = new TreeMap<>();
    private final TreeSet<Long> armed = new TreeSet<>();
    private final TreeSet<String> watched = new TreeSet<>();
    private long term;

    void follow(Command command, List<Effect> effects, long entryTerm) {
        if (command instanceof TakeOver && term != entryTerm) {
            term = entryTerm;
            sent.clear();
            armed.clear();
            watched.clear();
        }
        if (command instanceof DeleteChannel fired) {
            watched.remove(fired.channel() + " " + fired.channelId());
        }
        if (command instanceof ExpireAcks fired) {
            armed.remove(fired.subscription());
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.Deliver deliver) {
                TreeSet<Long> sequences = sent.computeIfAbsent(deliver.subscription(), id -> new TreeSet<>());
                for (long i = deliver.first(); i <= deliver.last(); i++) {
                    sequences.add(i);
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
        TreeSet<Long> sequences = sent.getOrDefault(sub.id(), new TreeSet<>());
        for (Pending.Range range : sub.pending().ranges()) {
            for (long i = Math.max(range.first(), firstStored); i <= range.last(); i++) {
                Oracle.require(sequences.contains(i), "pending but not sent by this leader: " + i, sub.id());
            }
        }
    }
}
