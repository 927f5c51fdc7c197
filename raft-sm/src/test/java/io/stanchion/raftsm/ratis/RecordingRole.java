package io.stanchion.raftsm.ratis;

import io.stanchion.raftsm.effect.Effect;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Remembers what it is told. */
final class RecordingRole implements RoleListener {
    final AtomicLong leadingTerm = new AtomicLong();
    final AtomicReference<String> leader = new AtomicReference<>("");
    final ConcurrentLinkedQueue<Effect> effects = new ConcurrentLinkedQueue<>();
    final List<String> faults = new CopyOnWriteArrayList<>();

    /** Thrown on the next effects, as if apply had failed. */
    volatile RuntimeException failure;

    @Override
    public void onLeaderReady(long term) {
        leadingTerm.set(term);
    }

    @Override
    public void onEffects(long term, List<Effect> added) {
        if (failure != null) {
            throw failure;
        }
        effects.addAll(added);
    }

    @Override
    public void onNotLeader() {
        leadingTerm.set(0);
    }

    @Override
    public void onLeaderChanged(String leaderNodeId) {
        leader.set(leaderNodeId);
    }

    @Override
    public void onFault(String what, Throwable cause) {
        faults.add(what + ": " + cause);
    }
}
