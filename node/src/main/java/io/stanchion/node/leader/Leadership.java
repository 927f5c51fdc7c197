package io.stanchion.node.leader;

import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.ratis.RoleListener;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Begins and ends the terms in which this node leads. Faults and the name of the leader are for others to hear. */
public final class Leadership implements RoleListener, AutoCloseable {
    private final LeaderPorts ports;
    private volatile LeaderSettings settings;
    private final AtomicReference<@Nullable LeaderTerm> current = new AtomicReference<>();

    public Leadership(LeaderSettings settings, LeaderPorts ports) {
        this.settings = settings;
        this.ports = ports;
    }

    /** Loads what a term consists of, which takes a cold process longer than anybody should wait for its new leader. */
    public void rehearse() {
        new LeaderTerm(0, settings, ports).close();
    }

    @Override
    public void onLeaderReady(long term) {
        LeaderSettings known = settings;
        LeaderTerm begun = new LeaderTerm(term, known, ports);
        end(current.getAndSet(begun));
        if (!known.equals(settings)) {
            begun.reconfigure(settings); // they came in between
        }
        Thread thread = new Thread(begun, "leader-term");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * From now on these are this node's settings. If it leads, they are proposed at once, and in force for all nodes soon after: limits
     * trim what is stored. If it does not, they wait until it does; the leader's are in force meanwhile, so a change takes the same call
     * on every node. Intervals of heartbeats and ticks change with the next term. May be called from any thread; returns at once.
     */
    public void reconfigure(LeaderSettings changed) {
        settings = changed;
        LeaderTerm leading = current.get();
        if (leading != null) {
            leading.reconfigure(changed);
        }
    }

    /** Waits while the leader's queue is full. Entries that are applied outside of a term that began here are owed to nobody. */
    @Override
    public void onEffects(long term, List<Effect> effects) {
        LeaderTerm leading = current.get();
        if (leading != null && leading.term() == term && !effects.isEmpty()) {
            leading.submit(effects);
        }
    }

    @Override
    public void onNotLeader() {
        end(current.getAndSet(null));
    }

    @Override
    public void onLeaderChanged(String leaderNodeId) {}

    @Override
    public void onFault(String what, Throwable cause) {
        onNotLeader();
    }

    @Override
    public void close() {
        onNotLeader();
    }

    private static void end(@Nullable LeaderTerm term) {
        if (term != null) {
            term.close();
        }
    }
}
