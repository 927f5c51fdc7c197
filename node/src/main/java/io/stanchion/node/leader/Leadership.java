package io.stanchion.node.leader;

import io.stanchion.raftsm.effect.Effect;
import io.stanchion.raftsm.ratis.RoleListener;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Begins and ends the terms in which this node leads. Faults and the name of the leader are for others to hear. */
public final class Leadership implements RoleListener, AutoCloseable {
    private volatile LeaderSettings settings;
    private final LeaderPorts ports;
    private final AtomicReference<@Nullable LeaderTerm> current = new AtomicReference<>();

    public Leadership(LeaderSettings settings, LeaderPorts ports) {
        this.settings = settings;
        this.ports = ports;
    }

    /** Any thread: what the next term begins with. */
    public void reconfigure(LeaderSettings changed) {
        settings = changed;
    }

    @Override
    public void onLeaderReady(long term) {
        LeaderTerm begun = new LeaderTerm(term, settings, ports);
        end(current.getAndSet(begun));
        Thread thread = new Thread(begun, "leader-term");
        thread.setDaemon(true);
        thread.start();
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
