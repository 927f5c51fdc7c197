package io.stanchion.raftsm.ratis;

import io.stanchion.raftsm.effect.Effect;
import java.io.IOException;
import java.util.List;

/** Follows this replica's role. Calls must return at once: they come from Ratis' own threads. */
public interface RoleListener {
    /** This node leads, and everything of earlier terms is applied. On the apply thread. */
    void onLeaderReady(long term);

    /** Effects of an entry applied while this node leads {@code term}, in log order. On the apply thread. */
    void onEffects(long term, List<Effect> effects);

    /** This node does not lead any more. On any thread. */
    void onNotLeader();

    /** The leader, as far as this node knows, has changed; empty if unknown. On any thread. */
    void onLeaderChanged(String leaderNodeId);

    /** The log has another set of nodes. On the apply thread, or one of Ratis' own. */
    default void onMembersChanged() {}

    /**
     * The database is open, before anything is applied to it or voted for.
     *
     * @param index of the last entry in it
     * @param isInstalled whether it is as another node has sent it
     * @throws IOException if this node must not start with it
     */
    default void onOpened(long index, boolean isInstalled) throws IOException {}

    /** What this replica has on disk is damaged, and it can't go on: its data must be replaced. On any thread. */
    default void onDamage(String what, Throwable cause) {
        onFault(what, cause);
    }

    /** This replica can't go on: the process must end. On any thread. */
    void onFault(String what, Throwable cause);
}
