package io.stanchion.raftsm.ratis;

import io.stanchion.raftsm.model.ChannelFacts;
import io.stanchion.raftsm.model.Inspection;
import io.stanchion.raftsm.model.Listing;
import io.stanchion.raftsm.model.ReplicaView;
import io.stanchion.raftsm.model.SessionFacts;
import io.stanchion.raftsm.model.Settings;
import io.stanchion.raftsm.model.SubscriptionFacts;
import io.stanchion.raftsm.model.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the model between two entries, in steps so short that apply never waits for long, and one step at a time, however many ask.
 * Without a replica there is nothing.
 */
final class ReplicaReader implements ReplicaView {
    private static final int STEP = 500;

    private final Supplier<@Nullable Replica> replica;

    /** Apply must find one reader before it at most. */
    private final Lock turn = new ReentrantLock(true);

    private interface Step<K, T> {
        List<T> after(Inspection model, K key, int max);
    }

    ReplicaReader(Supplier<@Nullable Replica> replica) {
        this.replica = replica;
    }

    @Override
    public Totals totals() {
        Replica running = replica.get();
        return running == null ? Totals.NONE : running.totals();
    }

    @Override
    public Settings settings() {
        return look(Settings.NONE, Inspection::settings);
    }

    @Override
    public Listing<ChannelFacts> channels(int offset, int limit) {
        return list(Inspection::channels, Inspection::channelsAfter, ChannelFacts::name, offset, limit);
    }

    @Override
    public @Nullable ChannelFacts channel(String name) {
        return look(Optional.<ChannelFacts>empty(), model -> Optional.ofNullable(model.channel(name)))
                .orElse(null);
    }

    @Override
    public List<SubscriptionFacts> subscriptionsOn(String channel) {
        return all((model, after, max) -> model.subscriptionsOn(channel, after, max));
    }

    @Override
    public @Nullable SubscriptionFacts subscription(long id) {
        return look(Optional.<SubscriptionFacts>empty(), model -> Optional.ofNullable(model.subscription(id)))
                .orElse(null);
    }

    @Override
    public @Nullable SubscriptionFacts acknowledgingOn(String ackInbox) {
        return look(Optional.<SubscriptionFacts>empty(), model -> Optional.ofNullable(model.acknowledgingOn(ackInbox)))
                .orElse(null);
    }

    @Override
    public Listing<SessionFacts> sessions(int offset, int limit) {
        return list(Inspection::sessions, Inspection::sessionsAfter, SessionFacts::clientId, offset, limit);
    }

    @Override
    public @Nullable SessionFacts session(String clientId) {
        return look(Optional.<SessionFacts>empty(), model -> Optional.ofNullable(model.session(clientId)))
                .orElse(null);
    }

    @Override
    public List<SubscriptionFacts> subscriptionsOf(String clientId) {
        return all((model, after, max) -> model.subscriptionsOf(clientId, after, max));
    }

    private List<SubscriptionFacts> all(Step<Long, SubscriptionFacts> step) {
        List<SubscriptionFacts> found = new ArrayList<>();
        long after = 0;
        while (true) {
            long key = after;
            List<SubscriptionFacts> next = look(List.of(), model -> step.after(model, key, STEP));
            found.addAll(next);
            if (next.size() < STEP) {
                return found;
            }
            after = next.get(next.size() - 1).id();
        }
    }

    private <T> Listing<T> list(
            ToIntFunction<Inspection> size, Step<String, T> step, Function<T, String> name, int offset, int limit) {
        int total = look(0, size::applyAsInt);
        List<T> found = new ArrayList<>();
        String after = "";
        long left = offset;
        while (left < total && found.size() < limit) {
            String key = after;
            int max = left > 0 ? (int) Math.min(left, STEP) : Math.min(limit - found.size(), STEP);
            List<T> next = look(List.of(), model -> step.after(model, key, max));
            if (next.isEmpty()) {
                break;
            }
            if (left > 0) {
                left -= next.size();
            } else {
                found.addAll(next);
            }
            after = name.apply(next.get(next.size() - 1));
        }
        return new Listing<>(found, total);
    }

    private <T> T look(T otherwise, Function<Inspection, T> question) {
        turn.lock();
        try {
            Replica running = replica.get();
            return running == null ? otherwise : running.look(question);
        } finally {
            turn.unlock();
        }
    }
}
